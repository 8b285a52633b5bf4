import { printable } from '../bytes.js'

// The two types that keep all data in one file (Glance's inspector allows no other).
const selfContained = new Set(['monolithicsparse', 'streamoptimized'])
const accessModes = new Set(['rw', 'rdonly', 'noaccess'])
const longestType = 64
const mostExtents = 64

export interface VmdkDescriptor {
  readonly createType: string | undefined
  readonly parent: string | undefined
  /** The files that its extents name; at most the first 64. */
  readonly files: readonly string[]
  /** Sum of all extents. */
  readonly sectors: bigint
  /** Why Glance's inspector refuses it. */
  readonly refusals: readonly string[]
}

/** The text of a descriptor: up to the first NUL, one character per byte. */
export function descriptorText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  return new TextDecoder('latin1').decode(end === -1 ? bytes : bytes.subarray(0, end))
}

/** The `createType` of a descriptor in lower case; a value without a closing quote counts, as it does for Glance. */
export function createTypeOf(lower: string): string | undefined {
  const key = 'createtype="'
  const at = lower.indexOf(key)
  if (at === -1) return undefined
  const start = at + key.length
  const end = lower.indexOf('"', start)
  if (end === -1) return lower.slice(start, start + longestType)
  return end - start < longestType ? lower.slice(start, end) : undefined
}

/** Reads the text that describes a VMDK: header fields, extents, the disk database. */
export function readDescriptor(source: string): VmdkDescriptor {
  const createType = createTypeOf(source.toLowerCase())
  const refusals: string[] = []
  if (source === '') refusals.push('the VMDK has no descriptor')
  else if (!isAscii(source)) refusals.push('the VMDK descriptor is not ASCII text')
  else if (createType === undefined || !selfContained.has(createType))
    refusals.push(`the VMDK subformat ${printable(createType ?? 'missing')} is not allowed`)

  let extents = 0
  let parent: string | undefined
  let sectors = 0n
  const files: string[] = []
  const strange = new Set<string>()
  for (const line of source.split('\n').map((each) => each.trim())) {
    const lower = line.toLowerCase()
    if (line === '' || line.startsWith('#') || lower.startsWith('ddb')) continue
    const equals = line.indexOf('=')
    if (equals !== -1 && !line.slice(0, equals).includes(' ')) {
      if (lower.startsWith('parentfilenamehint=')) parent = unquote(line.slice(equals + 1))
    } else if (accessModes.has(lower.split(' ', 1)[0] ?? '')) {
      extents += 1
      const [, length] = line.split(' ', 3)
      if (length !== undefined && /^\d{1,19}$/.test(length)) sectors += BigInt(length)
      const name = /"([^"]*)"/.exec(line)?.[1]
      if (name !== undefined && files.length < mostExtents) files.push(printable(name))
      if (line.includes('/')) strange.add('the VMDK descriptor names an extent file with a path')
    } else strange.add('the VMDK descriptor has a line that is not understood')
  }
  if (source !== '' && extents === 0) strange.add('the VMDK descriptor has no extents')
  return { createType, parent, files, sectors, refusals: [...refusals, ...strange] }
}

const isAscii = (source: string): boolean => {
  for (let at = 0; at < source.length; at += 1) if (source.charCodeAt(at) > 0x7f) return false
  return true
}

const unquote = (value: string): string => printable(value.trim().replace(/^"(.*)"$/, '$1')).slice(0, 1024)
