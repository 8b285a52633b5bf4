import { branchFilters, type UndoBranches } from './branches.js'

/** Undoes one filter, chunk by chunk; `end` returns the bytes that were held back. */
export interface Filter {
  update(bytes: Uint8Array): Uint8Array
  end(): Uint8Array
}

/** Restores bytes from the stored differences between bytes that are `distance` apart (`xz-file-format.txt` 5.3.3). */
function delta(distance: number): Filter {
  const last = new Uint8Array(distance)
  let at = 0
  return {
    update(bytes) {
      for (let i = 0; i < bytes.byteLength; i += 1) {
        const byte = ((bytes[i] as number) + (last[at] as number)) & 0xff
        bytes[i] = byte
        last[at] = byte
        at = at + 1 === distance ? 0 : at + 1
      }
      return bytes
    },
    end: () => new Uint8Array(0),
  }
}

/** An instruction may span two chunks: its beginning is held back until the next one. At the end it is unchanged. */
function branches(undo: UndoBranches, start: number): Filter {
  let position = start
  let rest = new Uint8Array(0)
  return {
    update(bytes) {
      let all = bytes
      if (rest.byteLength > 0) {
        all = new Uint8Array(rest.byteLength + bytes.byteLength)
        all.set(rest)
        all.set(bytes, rest.byteLength)
      }
      const done = undo(all, position)
      position += done
      rest = all.slice(done)
      return all.subarray(0, done)
    },
    end: () => rest,
  }
}

/**
 * Creates what undoes a filter that precedes LZMA2.
 * @returns `malformed` for invalid properties, undefined for an unknown filter
 */
export function createFilter(id: bigint, properties: Uint8Array): Filter | 'malformed' | undefined {
  if (id === 0x03n) return properties.byteLength === 1 ? delta((properties[0] as number) + 1) : 'malformed'
  const filter = branchFilters.get(id)
  if (!filter) return undefined
  if (properties.byteLength !== 0 && properties.byteLength !== 4) return 'malformed'
  const view = new DataView(properties.buffer, properties.byteOffset, properties.byteLength)
  const start = properties.byteLength === 0 ? 0 : view.getUint32(0, true)
  return start % filter.alignment === 0 ? branches(filter.create(), start) : 'malformed'
}

/** Undoes filters in the reverse order of their application. */
export async function* unfiltered(
  pieces: AsyncIterable<Uint8Array>,
  filters: readonly Filter[],
): AsyncGenerator<Uint8Array, void> {
  const inverse = filters.toReversed()
  for await (const piece of pieces) {
    const bytes = inverse.reduce((each, filter) => filter.update(each), piece)
    if (bytes.byteLength > 0) yield bytes
  }
  for (const [index, filter] of inverse.entries()) {
    const rest = inverse.slice(index + 1).reduce((each, next) => next.update(each), filter.end())
    if (rest.byteLength > 0) yield rest
  }
}
