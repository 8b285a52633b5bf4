/**
 * Runs in a thread and hashes for several transfers, each with its own id. The messages:
 *
 * - `{ id, names }` begins a hash. `{ id, at, memory, offset, length }` passes bytes in shared memory, and their offset
 *   in the data.
 * - `{ id, names, fd, readBytes }` begins a hash of a file that is still being written: `{ id, reach }` reports how
 *   far. Bytes that were not passed when their turn comes are read back, so that no memory is kept however far the
 *   digest is behind. The next piece is read while the one before is hashed, since it may have to come from the disk.
 * - `{ id, at }` is sent to report how far it has come: nothing before that is read any more.
 * - The response to `{ id, digest: true }` is `{ id, digests }`, and to `{ id, close: true }` it is `{ id, closed: true
 *   }`: nothing of the hash is used any more. Errors are sent as `{ id, error }`.
 *
 * A string, because every bundler would have to find a separate file again.
 */
export const threadCode = `
// Depending on its flags a process takes text for a script or for a module, which has no require.
const load = typeof require === 'function' ? require : (name) => process.getBuiltinModule(name)
const { parentPort } = load('node:worker_threads')
const { createHash } = load('node:crypto')
const { closeSync, fstatSync, openSync, read } = load('node:fs')

// After so much the others get their turn: what an earlier process left may be many gigabytes.
const turnBytes = 1024 * 1024
const open = new Map()

function follow(hash) {
  hash.waits = undefined
  if (hash.hasFailed || !open.has(hash.id)) return
  const before = hash.at
  const turn = Math.min(hash.reach, hash.at + turnBytes)
  try {
    while (hash.at < turn) {
      const piece = hash.pieces[0]
      if (piece && piece.at <= hash.at) {
        hash.pieces.shift()
        if (piece.at === hash.at) update(hash, piece.bytes)
      } else if (!readBack(hash, piece ? piece.at : hash.reach)) break
    }
  } catch (error) {
    parentPort.postMessage({ id: hash.id, error: error.message })
    hash.hasFailed = true
    return
  }
  if (hash.at > before) parentPort.postMessage({ id: hash.id, at: hash.at })
  if (hash.waits) return
  if (hash.at < hash.reach) {
    hash.waits = 'turn'
    setImmediate(follow, hash)
  } else if (hash.wanted) finish(hash)
}

function update(hash, bytes) {
  for (const [, each] of hash.hashes) each.update(bytes)
  hash.at += bytes.length
}

// Takes what was read, and has the disk read on meanwhile. False while it is still being read.
function readBack(hash, end) {
  if (!hash.ahead) readAhead(hash, hash.at, end)
  const { isReading, buffer, count, error } = hash.ahead
  if (isReading) {
    hash.waits = 'disk'
    return false
  }
  hash.ahead = undefined
  if (error) throw error
  if (count === 0) throw new Error('the file ends after ' + hash.at + ' bytes')
  if (hash.at + count < end) readAhead(hash, hash.at + count, end)
  update(hash, buffer.subarray(0, count))
  return true
}

function readAhead(hash, at, end) {
  hash.buffers ??= [1, 2].map(() => Buffer.allocUnsafeSlow(hash.readBytes))
  hash.buffers.reverse()
  const ahead = { isReading: true, buffer: hash.buffers[0] }
  hash.ahead = ahead
  read(descriptorOf(hash), ahead.buffer, 0, Math.min(ahead.buffer.length, end - at), at, (error, count) => {
    Object.assign(ahead, { isReading: false, count, error })
    if (hash.isClosing) closed(hash)
    else if (hash.waits === 'disk') follow(hash)
  })
}

// In Deno a descriptor is known only to the thread that opened it.
function descriptorOf(hash) {
  if (hash.ownFd !== undefined) return hash.ownFd
  try {
    fstatSync(hash.fd)
    return hash.fd
  } catch (error) {
    if (error.code !== 'EBADF') throw error
    hash.ownFd = openSync('/dev/fd/' + hash.fd, 'r')
    return hash.ownFd
  }
}

function finish(hash) {
  hash.wanted = false
  parentPort.postMessage({ id: hash.id, digests: hash.hashes.map(([algorithm, each]) => [algorithm, each.digest('hex')]) })
}

function closed({ id, ownFd }) {
  if (ownFd !== undefined) closeSync(ownFd)
  parentPort.postMessage({ id, closed: true })
}

parentPort.on('message', (message) => {
  const { id } = message
  if (message.names) {
    const hashes = message.names.map(([algorithm, name]) => [algorithm, createHash(name)])
    const { fd, readBytes } = message
    open.set(id, { id, hashes, fd, readBytes, pieces: [], at: 0, reach: 0, wanted: false })
    return
  }
  const hash = open.get(id)
  if (message.close) {
    open.delete(id)
    if (hash?.ahead?.isReading) hash.isClosing = true
    else closed(hash ?? { id })
  } else if (hash && !hash.hasFailed) {
    const { at, memory, offset, length, reach, digest } = message
    if (memory) hash.pieces.push({ at, bytes: new Uint8Array(memory, offset, length) })
    if (digest) hash.wanted = true
    hash.reach = Math.max(hash.reach, memory ? at + length : 0, reach ?? 0)
    if (!hash.waits) follow(hash)
  }
})
`
