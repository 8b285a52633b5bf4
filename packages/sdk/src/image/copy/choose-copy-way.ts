import { UsageError } from '../../errors/tyrax-error.js'
import { importMethods } from '../imports/import-methods.js'
import type { ImageContext } from '../images/context.js'
import type { Image } from '../images/image.js'
import type { CopyWay, ImageCopyOptions } from './copy-options.js'

/** Where an image is copied from and to. */
export interface CopyEnds {
  readonly from: ImageContext
  readonly to: ImageContext
}

/** How a copy is made, and why so. */
export interface ChosenWay {
  readonly via: CopyWay
  readonly reason: string
  /** For `glance-download`: the region that has the original. */
  readonly region?: string
  /** For `copy-image`: those that do not have the image yet. */
  readonly stores?: readonly string[]
}

/**
 * By the server where both services share a Keystone and the destination offers it: glance-download uses the caller's
 * token in the other region (glance/async_/flows/_internal_plugins/glance_download.py).
 * @throws UsageError when the server was requested and cannot do it
 */
export async function chooseWay(ends: CopyEnds, source: Image, options: ImageCopyOptions): Promise<ChosenWay> {
  const { via = 'auto' } = options
  if (via === 'client') return { via: 'client', reason: 'client was requested' }
  const home = await ends.from.home()
  const obstacle = await whyNotByServer(ends, source, options)
  if (obstacle === undefined && home.region !== undefined) {
    const reason = `both clouds share a Keystone, so the server fetches it from region ${home.region}`
    return { via: 'glance-download', reason, region: home.region }
  }
  if (via === 'auto') return { via: 'client', reason: `through this machine: ${obstacle}` }
  throw new UsageError(`the server cannot make this copy: ${obstacle}`, { hint: 'leave via (--via) out' })
}

async function whyNotByServer(
  { from, to }: CopyEnds,
  source: Image,
  options: ImageCopyOptions,
): Promise<string | undefined> {
  const { limitRate, diskFormat, prefer, signal } = options
  if ((limitRate ?? diskFormat ?? prefer) !== undefined) return 'the server takes no rate, format or preferred store'
  const [here, there] = await Promise.all([from.home(), to.home()])
  if (here.keystone === undefined || here.keystone !== there.keystone) return 'the clouds do not share a Keystone'
  if (here.region === undefined) return 'the region of the original is not known'
  const isSeen = source.visibility === 'public' || source.visibility === 'community'
  if (from.projectId() !== to.projectId() && !isSeen) return 'the other project may not read the original'
  const methods = await importMethods(to, { signal })
  return methods.includes('glance-download') ? undefined : 'the destination does not offer glance-download'
}
