import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The bytes of every path of a source that begins with `/image`; others are 404. */
export const sourceData = Buffer.from('bytes that stay on another server')
const digest = (algorithm: string) => createHash(algorithm).update(sourceData).digest('hex')
export const sourceHashes = { checksum: digest('md5'), os_hash_algo: 'sha512', os_hash_value: digest('sha512') }

/** A web server on this machine whose URLs can be locations. */
export interface Source {
  readonly url: string
  /** From now on everything is 404. */
  forget(): void
  restore(): void
  close(): Promise<void>
}

export async function startSource(): Promise<Source> {
  let isThere = true
  const server = createServer((request, response) => {
    if (!isThere || !request.url?.startsWith('/image')) response.writeHead(404, { 'content-length': 0 }).end()
    else
      response.writeHead(200, { 'content-length': sourceData.length }).end(request.method === 'HEAD' ? '' : sourceData)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    forget() {
      isThere = false
    },
    restore() {
      isThere = true
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
