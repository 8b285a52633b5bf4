import type { Caller } from '../../../context.js'
import { requireDownloader, requireOwner } from '../../access/policy.js'
import { readStored } from '../../data/read-stored.js'
import { conflict, invalid } from '../../errors.js'
import type { ImportFields } from '../import-request.js'
import { readRegion, type SourceImage } from '../web/read-region.js'
import type { CreateMethod, MethodParts, StreamSource } from './import-method.js'

/** The properties that are copied with the data: those whose names begin so (`[glance_download_properties]`). */
const copiedPrefixes = ['hw_', 'trait:', 'os_distro', 'os_secure_boot', 'os_type'] as const

/**
 * Copies an image of another region of the same Keystone, or of this one, with its formats and some of its properties
 * (glance/async_/flows/_internal_plugins/glance_download.py, api_image_import.py `_ImportMetadata`). The caller must see the
 * source, and have the right to download it.
 */
export const glanceDownload: CreateMethod = (parts) => ({
  name: 'glance-download',
  requireStatus({ status }) {
    if (status !== 'queued') throw conflict(`Image needs to be in 'queued' state to use 'glance-download' method`)
  },
  requireFields(fields) {
    for (const key of ['glance_region', 'glance_image_id']) {
      if (!Object.hasOwn(fields, key)) throw invalid(`'${key}' needs to be set for glance-download import method`)
    }
    const id = fields['glance_image_id']
    if (typeof id === 'string' && isUuid(id)) return
    throw invalid(`Remote image id does not look like a UUID: ${show(id)}`)
  },
  requireRight: (caller, image) => requireOwner(caller, image, 'modify_image'),
  async open({ fields, caller, signal }) {
    const { record, bytes } = await findSource(fields, caller, signal, parts)
    const { status, size, disk_format, container_format } = record
    if (status !== 'active') throw new Error(`Source image status should be active instead of ${String(status)}`)
    if (typeof size !== 'number') {
      throw new Error(`Size attribute of remote image ${idOf(fields)} could not be determined.`)
    }
    return {
      kind: 'stream',
      bytes: await bytes(),
      declaredSize: size,
      formats: { disk_format: String(disk_format), container_format: String(container_format) },
      properties: copiedProperties(record),
    } satisfies StreamSource
  },
})

async function findSource(
  fields: ImportFields,
  caller: Caller,
  signal: AbortSignal,
  parts: MethodParts,
): Promise<SourceImage> {
  const { config, region: ownRegion } = parts
  const region = fields['glance_region']
  const face = fields['glance_service_interface'] ?? 'public'
  const remote = config.remoteRegions.find((each) => each.region === region)
  const isKnown = face === 'public' || face === 'internal' || face === 'admin'
  if (!isKnown || (region !== ownRegion && remote === undefined)) {
    throw new Error(`${show(face)} glance endpoint not found for region ${show(region)}`)
  }
  if (remote === undefined) return ownImage(idOf(fields), caller, signal, parts)
  return readRegion(remote.url, idOf(fields), { token: caller.token, signal, idleSeconds: config.importIdleSeconds })
}

function ownImage(
  id: string,
  caller: Caller,
  signal: AbortSignal,
  { images, blobs, locations }: MethodParts,
): SourceImage {
  const image = images.get(caller, id)
  requireDownloader(caller)
  return {
    record: { ...image.properties, ...image },
    async bytes() {
      const stored = readStored({ blobs, locations }, image, undefined, { signal })
      if (stored === undefined) throw new Error(`Source image ${id} has no data`)
      return stored
    },
  }
}

function copiedProperties(record: SourceImage['record']): Record<string, string> {
  const copied = Object.entries(record).filter(
    (entry): entry is [string, string] =>
      typeof entry[1] === 'string' && copiedPrefixes.some((prefix) => entry[0].startsWith(prefix)),
  )
  return Object.fromEntries(copied)
}

const show = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

/** What Python's `uuid.UUID` takes: 32 hexadecimal digits, whatever hyphens, braces and prefix are around them. */
function isUuid(text: string): boolean {
  return /^[\da-f]{32}$/i.test(text.replaceAll(/urn:|uuid:|[{}-]/g, ''))
}

/** With hyphens, as images have it. */
function idOf(fields: ImportFields): string {
  const digits = String(fields['glance_image_id']).replaceAll(/urn:|uuid:|[{}-]/g, '')
  return digits.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
