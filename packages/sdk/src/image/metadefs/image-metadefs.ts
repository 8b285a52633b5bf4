import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'
import type { MetadefImportOptions, MetadefNamespace, MetadefNamespaceFile } from './definitions.js'
import { MetadefNamespaces } from './metadef-namespaces.js'
import { MetadefObjects } from './metadef-objects.js'
import { MetadefProperties } from './metadef-properties.js'
import { MetadefResourceTypes } from './metadef-resource-types.js'
import { MetadefTags } from './metadef-tags.js'

/**
 * Metadata definitions: `images.metadefs`. They are a catalogue of the properties that images and other resources may
 * have, in namespaces.
 */
export class ImageMetadefs {
  readonly #context: ImageContext
  readonly namespaces: MetadefNamespaces
  /** The properties of a namespace. */
  readonly properties: MetadefProperties
  /** Groups of properties in a namespace. */
  readonly objects: MetadefObjects
  /** The tags of a namespace. */
  readonly tags: MetadefTags
  /** The types of resources that namespaces are meant for. */
  readonly resourceTypes: MetadefResourceTypes

  /** @internal */
  constructor(context: ImageContext) {
    this.#context = context
    this.namespaces = new MetadefNamespaces(context)
    this.properties = new MetadefProperties(context)
    this.objects = new MetadefObjects(context)
    this.tags = new MetadefTags(context)
    this.resourceTypes = new MetadefResourceTypes(context)
  }

  /**
   * Reads a whole namespace in the shape of the files that come with Glance, without what only its cloud knows (owner
   * and times).
   * @example
   * const file = await cloud.images.metadefs.exportNamespace('OS::Compute::Watchdog')
   * console.log(JSON.stringify(file, undefined, 2))
   */
  async exportNamespace(namespace: string, options: CallOptions = {}): Promise<MetadefNamespaceFile> {
    const { exportNamespace } = await import('./export-namespace.js')
    return exportNamespace(this.#context, namespace, options)
  }

  /**
   * Creates a whole namespace from what `exportNamespace` returned, or from a file that comes with Glance. With
   * `replace`, an existing one is made equal to it, in single steps: what is the same is not touched, owner and what the
   * file leaves out of visibility and protected stay. If a step fails, importing it again completes it.
   * @example
   * const file = await cloud.images.metadefs.exportNamespace('OS::Compute::Watchdog')
   * await partner.images.metadefs.importNamespace(file, { replace: true })
   * @throws UsageError when it is not a namespace; ConflictError when it exists, without `replace`
   */
  async importNamespace(file: MetadefNamespaceFile, options: MetadefImportOptions = {}): Promise<MetadefNamespace> {
    const { importNamespace } = await import('./import-namespace.js')
    return importNamespace(this.#context, file, options)
  }
}
