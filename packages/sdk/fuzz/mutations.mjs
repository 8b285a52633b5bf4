import { spawnSync } from 'node:child_process'

/** A small generator of numbers, the same for the same seed: `random(n)` is below n. */
export function randomFrom(seed) {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** A file with one to three faults. */
export function mutated(bytes, random) {
  let result = Buffer.from(bytes)
  for (let faults = 1 + random(3); faults > 0; faults -= 1) result = faulty(result, random)
  return result
}

function faulty(bytes, random) {
  const at = random(bytes.byteLength)
  const kind = random(8)
  if (kind < 3) bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << random(8)), at)
  else if (kind < 5) bytes.writeUInt8(random(256), at)
  else {
    const length = 1 + random(16)
    const before = bytes.subarray(0, at)
    if (kind === 5) return Buffer.concat([before, bytes.subarray(at + length)])
    if (kind === 6) return Buffer.concat([before, bytes.subarray(at, at + length), bytes.subarray(at)])
    if (at > 0) return before
  }
  return bytes
}

/** What a decoder makes of bytes. */
export async function verdict(decoder, bytes) {
  const pieces = []
  try {
    const input = async function* () {
      yield bytes
    }
    for await (const piece of decoder(input(), 'it')) pieces.push(piece)
    return { content: Buffer.concat(pieces) }
  } catch (error) {
    if (error.name !== 'SourceError') throw error
    return { why: error.message }
  }
}

/** What the program makes of bytes. bzip2 warns where it ignores what follows a file, which here is an error. */
export function toolVerdict(compression, bytes) {
  const { status, stdout, stderr, error } = spawnSync(compression, ['-dc'], { input: bytes, maxBuffer: 2 ** 28 })
  if (error && error.code !== 'EPIPE') throw error
  const why = stderr.toString().trim().split('\n', 1)[0] ?? ''
  return status === 0 && !why.includes('trailing garbage') ? { content: stdout } : { why }
}

/** @param sound what the file held before it was damaged */
export function agree(found, tool, sound) {
  if (found.content) return tool.content?.equals(found.content) === true
  return !tool.content || !sound || !tool.content.equals(sound)
}
