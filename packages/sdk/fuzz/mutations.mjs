/** A small generator of numbers, the same for the same seed: `random(n)` is below n. */
export function randomFrom(seed) {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** A file with one to three faults. @param others files of its kind, of which it may get a piece */
export function mutated(bytes, random, others = [bytes]) {
  let result = Buffer.from(bytes)
  for (let faults = 1 + random(3); faults > 0; faults -= 1) result = faulty(result, random, others)
  return result
}

function faulty(bytes, random, others) {
  // Headers are short and decide much: every third fault is near the beginning.
  const at = random(random(3) === 0 ? Math.min(40, bytes.byteLength) : bytes.byteLength)
  const kind = random(10)
  if (kind < 3) bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << random(8)), at)
  else if (kind < 5) bytes.writeUInt8(random(256), at)
  else {
    const length = 1 + random(16)
    const before = bytes.subarray(0, at)
    if (kind === 5) return Buffer.concat([before, bytes.subarray(at + length), Buffer.alloc(at === 0 ? 1 : 0)])
    if (kind === 6) return Buffer.concat([before, bytes.subarray(at, at + length), bytes.subarray(at)])
    const other = others[random(others.length)]
    const from = random(other.byteLength)
    if (kind === 7) return Buffer.concat([before, other.subarray(from, from + length * 8), bytes.subarray(at)])
    if (kind === 8) return Buffer.concat([bytes, random(2) === 0 ? other : other.subarray(from, from + length)])
    if (at > 0) return before
  }
  return bytes
}
