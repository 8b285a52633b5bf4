import { Refusal } from '../refusal.js'
import { isBytes } from './bytes-as-text.js'
import { swiftLimits } from './limits.js'

/** Metadata as it is stored: values by lower-case header name. */
export type Metadata = Readonly<Record<string, string>>

/** The changes that a request makes to metadata, in the order of its headers; undefined removes a value. */
export type MetadataChanges = readonly (readonly [name: string, value: string | undefined])[]

/**
 * Account or container metadata after a POST or PUT: values that the request does not name stay.
 * @throws Refusal invalid past the limits
 */
export function mergeMetadata(kind: 'account' | 'container', old: Metadata, changes: MetadataChanges): Metadata {
  const merged = new Map(Object.entries(old))
  for (const [name, value] of changes) {
    if (value === undefined) merged.delete(name)
    else merged.set(name, value)
  }
  const metadata = Object.fromEntries(merged)
  checkMetadata(kind, metadata)
  return metadata
}

/**
 * Checks metadata against Swift's limits. For an account or container, the request's own metadata and the merged result
 * have the same limits (swift/common/constraints.py `check_metadata`, swift/common/db.py `validate_metadata`). Lengths
 * are in bytes.
 * @throws Refusal invalid past the limits
 */
export function checkMetadata(kind: 'account' | 'container' | 'object', metadata: Metadata): void {
  const prefix = `x-${kind}-meta-`
  const refuse = (message: string) => new Refusal('invalid', message)
  let count = 0
  let size = 0
  for (const [name, value] of Object.entries(metadata)) {
    if (!name.startsWith(prefix)) continue
    const key = name.slice(prefix.length)
    const shown = `${prefix}${titleCase(key)}`
    const length = isBytes(value) ? value.length : Buffer.byteLength(value)
    if (key === '') throw refuse('Metadata name cannot be empty')
    if (kind !== 'object' && isBytes(value)) throw refuse('Metadata must be valid UTF-8')
    count += 1
    size += key.length + length
    if (key.length > swiftLimits.max_meta_name_length) throw refuse(`Metadata name too long: ${shown}`)
    if (length > swiftLimits.max_meta_value_length) {
      throw refuse(`Metadata value longer than ${swiftLimits.max_meta_value_length}: ${shown}`)
    }
    if (count > swiftLimits.max_meta_count) throw refuse(`Too many metadata items; max ${swiftLimits.max_meta_count}`)
    if (size > swiftLimits.max_meta_overall_size) {
      throw refuse(`Total metadata too large; max ${swiftLimits.max_meta_overall_size}`)
    }
  }
}

/** `x-object-meta-color` as `X-Object-Meta-Color`. */
export function titleCase(name: string): string {
  return name.replaceAll(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase())
}
