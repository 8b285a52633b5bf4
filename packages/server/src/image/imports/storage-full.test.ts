import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { runCloud } from '../../testing/run-cloud.js'
import { call, login } from '../../testing/sign-in.js'

const limited = process.platform === 'linux' || process.platform === 'darwin'
const tooMuch = 'x'.repeat(12_000_000)

test.runIf(limited)(
  'a disk that fills up while bytes are staged or imported leaves the image queued and no file',
  async () => {
    const data = await mkdtemp(path.join(tmpdir(), 'tyrax-full-'))
    const server = createServer((_request, response) => response.end(tooMuch))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const image = { importFilter: { allowedHosts: ['127.0.0.1'], allowedPorts: [] } }
    const cloud = await runCloud(data, { image }, { largestFileBytes: 4_096_000 })
    try {
      const { token } = await login(cloud.authUrl, 'demo')
      const send = async (method: string, at: string, options = {}) => {
        const { status, body } = await call(method, `${cloud.imageUrl}/v2/images${at}`, { token, ...options })
        return { status, body: body as Record<string, unknown> }
      }
      const json = { disk_format: 'raw', container_format: 'bare' }
      const at = `/${String((await send('POST', '', { json })).body['id'])}`
      const staged = await send('PUT', `${at}/stage`, { data: tooMuch })
      expect(staged).toMatchObject({
        status: 413,
        body: { message: expect.stringContaining('media is full') as string },
      })
      expect((await send('GET', at)).body).toMatchObject({ status: 'queued', size: null })
      const { port } = server.address() as AddressInfo
      const method = { name: 'web-download', uri: `http://127.0.0.1:${port}/` }
      expect((await send('POST', `${at}/import`, { json: { method } })).status).toBe(202)
      const task = async () => (await send('GET', `${at}/tasks`)).body['tasks']
      await expect
        .poll(task, { timeout: 60_000 })
        .toMatchObject([{ status: 'failure', message: expect.stringContaining('media is full') as string }])
      expect((await send('GET', at)).body).toMatchObject({ status: 'queued', size: null })
      const names = async (folder: string) => readdir(path.join(data, folder)).catch(() => [])
      expect([await names('blobs'), await names('tmp')]).toEqual([[], []])
    } finally {
      await cloud.kill()
      server.close()
      await rm(data, { recursive: true, force: true })
    }
  },
)
