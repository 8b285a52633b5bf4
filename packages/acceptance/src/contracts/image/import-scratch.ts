import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll } from 'vitest'
import { octetStream, type WireImage, type WireImageTask } from '@tyrax/protocol'
import type { Scratch } from '../scratch.js'
import type { Account } from '../target.js'
import type { Answer } from '../wire.js'

/** What tests of imports share. */
export interface ImportScratch {
  readonly stage: (id: string, data: string, account?: Account) => Promise<Answer>
  readonly start: (id: string, json: unknown, account?: Account, headers?: Record<string, string>) => Promise<Answer>
  readonly read: (id: string) => Promise<WireImage>
  readonly tasks: (id: string, account?: Account) => Promise<WireImageTask[]>
  /** Waits until all tasks of the image have ended. */
  readonly ended: (id: string) => Promise<WireImageTask[]>
}

export const formats = { disk_format: 'raw', container_format: 'bare' }
const asJson = { accept: 'application/json' }

export function importScratch(scratch: Scratch): ImportScratch {
  const tasks: ImportScratch['tasks'] = async (id, account = scratch.admin) =>
    (await account.image('GET', `/v2/images/${id}/tasks`)).json<{ tasks: WireImageTask[] }>().tasks
  return {
    stage: (id, data, account = scratch.demo) =>
      account.image('PUT', `/v2/images/${id}/stage`, {
        body: data,
        headers: { ...asJson, 'content-type': octetStream },
      }),
    start: (id, json, account = scratch.demo, headers = {}) =>
      account.image('POST', `/v2/images/${id}/import`, { json, headers: { ...asJson, ...headers } }),
    read: async (id) => (await scratch.demo.image('GET', `/v2/images/${id}`)).json<WireImage>(),
    tasks,
    async ended(id) {
      const deadline = Date.now() + 60_000
      for (;;) {
        const found = await tasks(id)
        if (found.length > 0 && found.every(({ expires_at }) => expires_at !== null)) return found
        if (Date.now() > deadline) throw new Error(`the tasks of ${id} do not end: ${JSON.stringify(found)}`)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    },
  }
}

/** A web server for the tests of a suite. @returns the URL of one of its pages */
export function webServer(pages: Readonly<Record<string, RequestListener>>): (page: string) => string {
  const server = createServer((request, response) => {
    const page = pages[request.url ?? '']
    if (page === undefined) response.writeHead(404).end('not here')
    else page(request, response)
  })
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  return (page) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${page}`
}

/** The message of an error. */
export function messageOf(answer: Answer): string {
  return String(answer.json<{ message?: unknown }>().message)
}
