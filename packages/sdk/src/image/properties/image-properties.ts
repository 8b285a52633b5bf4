import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'
import type { PropertyFinding } from './property-finding.js'

/** What `images.properties.check` takes. */
export interface PropertyCheckOptions extends CallOptions {
  /**
   * `cloud`: what this cloud defines, read from its metadata definitions and the schema of images. `common`: what the
   * namespaces that come with Glance define, without a request.
   * @default 'cloud'
   */
  readonly against?: 'cloud' | 'common' | undefined
}

/** Custom properties that people can trust: `images.properties`. */
export class ImageProperties {
  readonly #context: ImageContext

  /** @internal */
  constructor(context: ImageContext) {
    this.#context = context
  }

  /**
   * Finds probable mistakes in custom properties, which the image service itself takes as they are: names that are like
   * a defined one, values that are not among the defined ones or out of range. Undefined names that resemble none are
   * fine.
   * @example
   * for (const { message } of await cloud.images.properties.check({ hw_disk_buss: 'virtio' })) console.warn(message)
   */
  async check(
    properties: Readonly<Record<string, string | null | undefined>>,
    { against = 'cloud', ...options }: PropertyCheckOptions = {},
  ): Promise<PropertyFinding[]> {
    const { commonRules, findMistakes } = await import('./check-properties.js')
    if (against === 'common') return findMistakes(properties, commonRules)
    const { readCloudRules } = await import('./cloud-rules.js')
    return findMistakes(properties, await readCloudRules(this.#context, options))
  }
}
