import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { json } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'

const block = Buffer.alloc(1024 * 1024)

/**
 * Just enough of an image service to accept and deliver images of zeros of one size: it stores nothing and hashes
 * nothing, so that sizes can be measured that would otherwise take too long.
 * @param sha512 of that number of zeros
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function startSink({ bytes, sha512 }) {
  const records = new Map()
  const server = createServer({ requestTimeout: 0 }, (incoming, outgoing) => {
    answer(incoming, outgoing).catch((error) => outgoing.destroy(error))
  })
  const answer = async (incoming, outgoing) => {
    const [, id, isData] = /^\/v2\/images(?:\/([^/?]+)(\/file)?)?/.exec(incoming.url) ?? []
    if (isData && incoming.method === 'PUT') {
      let received = 0
      for await (const chunk of incoming) received += chunk.length
      const status = received === bytes ? 'active' : 'killed'
      records.set(id, { ...records.get(id), ...stored, status, size: received })
      outgoing.writeHead(204).end()
    } else if (isData) {
      outgoing.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes })
      await pipeline(Readable.from(zeros(bytes), { objectMode: false }), outgoing)
    } else if (incoming.method === 'POST') {
      const record = { ...queued, id: randomUUID(), ...(await json(incoming)) }
      records.set(record.id, record)
      say(outgoing, 201, record)
    } else if (incoming.method === 'DELETE') {
      records.delete(id)
      outgoing.writeHead(204).end()
    } else {
      say(outgoing, 200, id ? records.get(id) : { images: [...records.values()], first: '/v2/images' })
    }
  }
  const stored = { os_hash_algo: 'sha512', os_hash_value: sha512, checksum: null, virtual_size: bytes }
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}/v2`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function* zeros(bytes) {
  for (let left = bytes; left > 0; left -= block.length) yield left < block.length ? block.subarray(0, left) : block
}

function say(outgoing, status, body) {
  outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

const time = '2024-01-01T00:00:00Z'
const queued = {
  status: 'queued',
  name: null,
  visibility: 'shared',
  protected: false,
  os_hidden: false,
  checksum: null,
  os_hash_algo: null,
  os_hash_value: null,
  owner: 'sink',
  size: null,
  virtual_size: null,
  container_format: 'bare',
  disk_format: 'raw',
  min_disk: 0,
  min_ram: 0,
  created_at: time,
  updated_at: time,
  tags: [],
  self: '/v2/images/sink',
  file: '/v2/images/sink/file',
  schema: '/v2/schemas/image',
}
