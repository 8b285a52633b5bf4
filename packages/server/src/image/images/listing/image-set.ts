/**
 * Images by their numbers: the bit of number n is bit n % 7 of byte n / 7. SQLite can tell whether it is set, since
 * bytes below 128 are characters to it. The length is a multiple of four bytes.
 */
export type ImageSet = Uint8Array

const perByte = 7

/** An empty set with room for numbers up to this one. */
export function emptySet(most: number): ImageSet {
  return new Uint8Array(4 * Math.ceil((most / perByte + 1) / 4))
}

/** Adds a number or removes it. @returns the set, or a larger copy if it had no room */
export function setNumber(set: ImageSet, number: number, isIn: boolean): ImageSet {
  const at = Math.floor(number / perByte)
  let changed = set
  if (at >= set.length) {
    if (!isIn) return set
    changed = emptySet(number * 1.25)
    changed.set(set)
  }
  const bit = 1 << (number % perByte)
  const byte = changed[at] ?? 0
  changed[at] = isIn ? byte | bit : byte & ~bit
  return changed
}

export function hasNumber(set: ImageSet, number: number): boolean {
  return (((set[Math.floor(number / perByte)] ?? 0) >> (number % perByte)) & 1) === 1
}

/** The images that are in each of the sets. */
export function intersection(sets: readonly ImageSet[]): ImageSet {
  const [first, ...others] = sets.toSorted((a, b) => a.length - b.length)
  const result = Uint8Array.from(first ?? [])
  const words = wordsOf(result)
  for (const other of others) {
    const more = wordsOf(other)
    for (let at = 0; at < words.length; at += 1) words[at] = (words[at] ?? 0) & (more[at] ?? 0)
  }
  return result
}

/** How many images are in the set. */
export function countOf(set: ImageSet): number {
  let count = 0
  const words = wordsOf(set)
  // Twice as fast as an iterator.
  for (let at = 0; at < words.length; at += 1) {
    let word = words[at] ?? 0
    word -= (word >>> 1) & 0x55555555
    word = (word & 0x33333333) + ((word >>> 2) & 0x33333333)
    count += (((word + (word >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
  }
  return count
}

/** The numbers from `from` up to and without `to` that are in a set: the first of them, or the last, downwards. */
export function numbersBetween(
  set: ImageSet,
  from: number,
  to: number,
  direction: 'asc' | 'desc',
  most: number,
): number[] {
  const numbers: number[] = []
  const [step, end] = [direction === 'asc' ? 1 : -1, Math.min(to, set.length * perByte)]
  const words = wordsOf(set)
  let at = Math.floor((step > 0 ? from : end - 1) / perByte)
  while (at * perByte < end && (at + 1) * perByte > from && numbers.length < most) {
    if (words[at >> 2] === 0) {
      at = step > 0 ? (at | 3) + 1 : (at & ~3) - 1
      continue
    }
    const byte = set[at] ?? 0
    for (let turn = 0; turn < perByte && numbers.length < most; turn += 1) {
      const bit = step > 0 ? turn : perByte - 1 - turn
      const number = at * perByte + bit
      if ((byte >> bit) & 1 && number >= from && number < end) numbers.push(number)
    }
    at += step
  }
  return numbers
}

/** The condition that the image of this number is in the set. */
export function isInSet(set: ImageSet, number: string): { readonly sql: string; readonly values: readonly [ImageSet] } {
  return { sql: `unicode(substr(?, ${number} / ${perByte} + 1, 1)) >> ${number} % ${perByte} & 1`, values: [set] }
}

function wordsOf(set: ImageSet): Uint32Array {
  return new Uint32Array(set.buffer, set.byteOffset, set.length / 4)
}
