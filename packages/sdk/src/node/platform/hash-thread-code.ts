/**
 * Runs in a thread and hashes for several transfers, each with a number of its own. What comes and goes:
 *
 * - `{ id, names }` begins. `{ id, at, bytes }` brings bytes, in memory that both sides see, and where they belong.
 * - `{ id, names, fd, readBytes }` begins with a file that is still being written: `{ id, reach }` says how far. What was
 *   not brought when its turn comes is read back from the page cache, which keeps no memory however far the digest is
 *   behind.
 * - `{ id, at }` answers how far it has come: nothing before is looked at any more.
 * - `{ id, digest: true }` is answered by `{ id, digests }`, `{ id, close: true }` by `{ id, closed: true }`: nothing of it
 *   is touched any more. What goes wrong is `{ id, error }`.
 *
 * CommonJS text, because a thread made from a file would have to be found again by every bundler.
 */
export const hashThreadCode = `
const { parentPort } = require('node:worker_threads')
const { createHash } = require('node:crypto')
const { readSync } = require('node:fs')

// After so much the others get their turn: what an earlier process left may be many gigabytes.
const turnBytes = 1024 * 1024
const open = new Map()

function follow(hash) {
  hash.waits = false
  if (!open.has(hash.id)) return
  const turn = Math.min(hash.reach, hash.at + turnBytes)
  try {
    while (hash.at < turn) {
      const piece = hash.pieces[0]
      if (piece && piece.at <= hash.at) {
        hash.pieces.shift()
        if (piece.at === hash.at) update(hash, piece.bytes)
      } else readBack(hash, piece ? Math.min(piece.at, turn) : turn)
    }
  } catch (error) {
    open.delete(hash.id)
    parentPort.postMessage({ id: hash.id, error: error.message })
    return
  }
  parentPort.postMessage({ id: hash.id, at: hash.at })
  if (hash.at < hash.reach) again(hash)
  else if (hash.wanted) finish(hash)
}

function update(hash, bytes) {
  for (const [, each] of hash.hashes) each.update(bytes)
  hash.at += bytes.length
}

function readBack(hash, end) {
  const wanted = Math.min(hash.buffer.length, end - hash.at)
  const count = readSync(hash.fd, hash.buffer, 0, wanted, hash.at)
  if (count === 0) throw new Error('the file ends after ' + hash.at + ' bytes')
  update(hash, count === hash.buffer.length ? hash.buffer : hash.buffer.subarray(0, count))
}

function again(hash) {
  if (hash.waits) return
  hash.waits = true
  setImmediate(follow, hash)
}

function finish(hash) {
  hash.wanted = false
  parentPort.postMessage({ id: hash.id, digests: hash.hashes.map(([algorithm, each]) => [algorithm, each.digest('hex')]) })
}

parentPort.on('message', (message) => {
  const { id } = message
  if (message.names) {
    const hashes = message.names.map(([algorithm, name]) => [algorithm, createHash(name)])
    const buffer = message.fd === undefined ? undefined : Buffer.allocUnsafeSlow(message.readBytes)
    open.set(id, { id, hashes, fd: message.fd, buffer, pieces: [], at: 0, reach: 0, wanted: false, waits: false })
    return
  }
  const hash = open.get(id)
  if (message.close) {
    open.delete(id)
    parentPort.postMessage({ id, closed: true })
  } else if (hash) {
    const { at, bytes, reach, digest } = message
    if (bytes) hash.pieces.push({ at, bytes })
    if (digest) hash.wanted = true
    hash.reach = Math.max(hash.reach, bytes ? at + bytes.length : 0, reach ?? 0)
    if (!hash.waits) follow(hash)
  }
})
`
