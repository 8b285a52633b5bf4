/**
 * Runs in a thread and hashes for several transfers, each with a number of its own. What comes and goes:
 *
 * - `{ id, names }` begins with blocks of bytes: `{ id, block, length }`, answered by `{ id, block }`. Blocks come and go
 *   by transfer, so that no byte is copied between threads a second time.
 * - `{ id, fd, name, readBytes }` begins with a file that is still being written: `{ id, reach }` says how far. It is
 *   read back from the page cache, which costs less than to hand every byte from thread to thread, and keeps no memory
 *   however far the digest is behind.
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
const turnBytes = 4 * 1024 * 1024
const open = new Map()

function follow(hash) {
  hash.waits = false
  if (!open.has(hash.id)) return
  try {
    const turn = Math.min(hash.reach, hash.at + turnBytes)
    while (hash.at < turn) {
      const wanted = Math.min(hash.buffer.length, turn - hash.at)
      const count = readSync(hash.fd, hash.buffer, 0, wanted, hash.at)
      if (count === 0) throw new Error('the file ends after ' + hash.at + ' bytes')
      for (const [, each] of hash.hashes) each.update(count === hash.buffer.length ? hash.buffer : hash.buffer.subarray(0, count))
      hash.at += count
    }
  } catch (error) {
    open.delete(hash.id)
    parentPort.postMessage({ id: hash.id, error: error.message })
    return
  }
  if (hash.at < hash.reach) again(hash)
  else if (hash.wanted) finish(hash)
}

function again(hash) {
  if (hash.waits) return
  hash.waits = true
  setImmediate(follow, hash)
}

function finish(hash) {
  parentPort.postMessage({ id: hash.id, digests: hash.hashes.map(([algorithm, each]) => [algorithm, each.digest('hex')]) })
}

parentPort.on('message', (message) => {
  const { id } = message
  if (message.names) {
    const hashes = message.names.map(([algorithm, name]) => [algorithm, createHash(name)])
    const buffer = message.fd === undefined ? undefined : Buffer.allocUnsafeSlow(message.readBytes)
    open.set(id, { id, hashes, fd: message.fd, buffer, at: 0, reach: 0, wanted: false, waits: false })
    return
  }
  const hash = open.get(id)
  if (message.close) {
    open.delete(id)
    parentPort.postMessage({ id, closed: true })
  } else if (message.block) {
    if (hash) for (const [, each] of hash.hashes) each.update(new Uint8Array(message.block, 0, message.length))
    parentPort.postMessage({ id, block: message.block }, [message.block])
  } else if (hash) {
    hash.wanted = message.digest === true
    if (message.reach !== undefined) hash.reach = message.reach
    if (hash.fd !== undefined) { if (!hash.waits) follow(hash) }
    else if (hash.wanted) finish(hash)
  }
})
`
