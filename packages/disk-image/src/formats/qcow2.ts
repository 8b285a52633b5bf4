import { hasMagic, slice, text, u32be, u64be } from '../bytes.js'
import type { Format } from '../format.js'
import { part } from '../format.js'
import { qcow2Reach } from './qcow2-tables.js'

const magic = 'QFI\xfb'
const longestName = 1023

// qemu `docs/interop/qcow2.txt`: bit numbers, lowest first.
const incompatible = ['dirty', 'corrupt', 'external-data-file', 'compression-type', 'extended-l2']
const compatible = ['lazy-refcounts']
const autoclear = ['bitmaps', 'raw-external-data']
// Glance knows the first four: it refuses an image with subclusters like one with unknown features.
const knownToGlance = 0b1111n

const encryptions = ['none', 'aes', 'luks']
const compressions = ['zlib', 'zstd']

const extensionTypes = { backingFormat: 0xe2_79_2a_ca, dataFile: 0x44_41_54_41, encryption: 0x05_37_be_77 }

function names(bits: bigint, known: readonly string[]): readonly string[] {
  const found: string[] = []
  for (let bit = 0; bit < 64; bit += 1) if ((bits >> BigInt(bit)) & 1n) found.push(known[bit] ?? `unknown bit ${bit}`)
  return found
}

/**
 * Header extensions by type: the list ends at type 0, at the backing file's name or at the end of the first cluster.
 */
function extensions(area: Uint8Array, from: number, end: number): ReadonlyMap<number, Uint8Array> {
  const found = new Map<number, Uint8Array>()
  let at = from
  while (at + 8 <= end && found.size < 64) {
    const type = u32be(area, at)
    const length = u32be(area, at + 4)
    if (type === 0 || at + 8 + length > end) break
    if (!found.has(type)) found.set(type, slice(area, at + 8, length))
    at += 8 + Math.ceil(length / 8) * 8
  }
  return found
}

/** QEMU copy-on-write, versions 2 and 3 (qemu `docs/interop/qcow2.txt`). */
export const qcow2: Format = {
  name: 'qcow2',
  diskFormat: 'qcow2',
  glanceName: 'qcow2',
  recognises: (head) => hasMagic(head, magic) && u32be(head, 4) !== 1,
  glanceSees: (head) => head.length >= 512 && hasMagic(head, magic),
  *walk(head) {
    const version = u32be(head, 4)
    const isThree = version >= 3
    const features = isThree ? u64be(head, 72) : 0n
    const headerLength = isThree ? u32be(head, 100) : 72
    const clusterBits = u32be(head, 20)
    const backingOffset = u64be(head, 8)
    const backingLength = u32be(head, 16)
    const crypt = u32be(head, 32)

    const end = Math.min(head.length, backingOffset > 0n && backingOffset < 65_536n ? Number(backingOffset) : 65_536)
    const extras = extensions(head, headerLength, end)
    const backingName =
      backingOffset > 0n ? text(yield* part(head, backingOffset, Math.min(backingLength, longestName))) : undefined
    const dataFile = features & 4n ? text(extras.get(extensionTypes.dataFile) ?? new Uint8Array(0)) : undefined

    const refusals: string[] = []
    if (version !== 2 && version !== 3) refusals.push(`qcow2 version ${version} is not supported`)
    if (backingOffset > 0n) refusals.push(`the image has a backing file${quoted(backingName)}`)
    if (dataFile !== undefined) refusals.push(`the image keeps its data in an external file${quoted(dataFile)}`)
    // Glance checks the bit in version 2 as well, whose header ends before it.
    else if (u64be(head, 72) & 4n) refusals.push('the bit of an external data file is set')
    const beyond = features & ~knownToGlance
    if (beyond > 0n)
      refusals.push(`the image uses features Glance does not know: ${names(beyond, incompatible).join(', ')}`)

    const warnings: string[] = []
    if (features & 2n) warnings.push('the image is marked corrupt')
    if (clusterBits < 9 || clusterBits > 21) warnings.push(`the header claims clusters of 2^${clusterBits} bytes`)
    if (backingLength > longestName) warnings.push(`the backing file's name claims to have ${backingLength} bytes`)

    const refcountBits = isThree && u32be(head, 96) <= 6 ? 2 ** u32be(head, 96) : 16
    const isReadable = (version === 2 || version === 3) && clusterBits >= 9 && clusterBits <= 21
    const shape = {
      clusterBits,
      refcountBits,
      hasSubclusters: (features & 16n) > 0n,
      hasDataFile: (features & 4n) > 0n,
    }
    const reach = isReadable ? yield* qcow2Reach(head, shape) : { needs: [], isPartial: false }

    return {
      virtualSize: u64be(head, 24),
      // A complete image has at least its first-level table.
      needs: [{ bytes: u64be(head, 40) + BigInt(u32be(head, 36)) * 8n }, ...reach.needs],
      isPartial: reach.isPartial,
      backingFile: backingName,
      dataFile,
      encrypted: crypt !== 0,
      details: {
        version,
        clusterSizeBytes: clusterBits <= 30 ? 2 ** clusterBits : undefined,
        features: isThree ? names(features, incompatible) : undefined,
        compatibleFeatures: isThree ? names(u64be(head, 80), compatible) : undefined,
        autoclearFeatures: isThree ? names(u64be(head, 88), autoclear) : undefined,
        refcountBits: isThree && u32be(head, 96) > 6 ? undefined : refcountBits,
        compression: features & 8n ? (compressions[head[104] ?? 0] ?? `unknown type ${head[104]}`) : 'zlib',
        encryption: crypt === 0 ? undefined : (encryptions[crypt] ?? `unknown method ${crypt}`),
        snapshots: u32be(head, 60),
        backingFormat:
          backingOffset > 0n ? text(extras.get(extensionTypes.backingFormat) ?? new Uint8Array(0)) : undefined,
      },
      refusals,
      warnings,
    }
  },
}

const quoted = (name: string | undefined): string => (name ? ` (${JSON.stringify(name)})` : '')
