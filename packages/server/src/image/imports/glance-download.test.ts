import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { startImageCloud } from '../testing/image-cloud.js'
import { waitForTasks } from '../testing/wait-for-task.js'

const source = randomUUID()
const data = 'bytes of another region'

test('the image service of another region is asked with the caller’s token', async () => {
  const seen: [string | undefined, IncomingHttpHeaders['x-auth-token']][] = []
  const other = createServer((request, response) => {
    seen.push([request.url, request.headers['x-auth-token']])
    if (request.url === `/image/v2/images/${source}/file`) return response.end(data)
    if (request.url !== `/image/v2/images/${source}`) return response.writeHead(404).end()
    const record = {
      status: 'active',
      size: data.length,
      disk_format: 'iso',
      container_format: 'ovf',
      hw_x: 'y',
      z: '1',
    }
    return response.end(JSON.stringify(record))
  })
  await new Promise<void>((resolve) => {
    other.listen(0, '127.0.0.1', resolve)
  })
  const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}/image/`
  const cloud = await startImageCloud({
    importMethods: ['glance-download'],
    remoteRegions: [{ region: 'Two', url }],
  })
  try {
    const { demo } = cloud
    const download = async (image: string) => {
      const id = await demo.create()
      const method = { name: 'glance-download', glance_region: 'Two', glance_image_id: image }
      expect((await demo.call('POST', `/v2/images/${id}/import`, { json: { method } })).status).toBe(202)
      return { id, tasks: await waitForTasks(cloud, id) }
    }
    const { id } = await download(source)
    expect(await demo.read(id)).toMatchObject({
      status: 'active',
      size: data.length,
      disk_format: 'iso',
      container_format: 'ovf',
      hw_x: 'y',
    })
    expect(await demo.read(id)).not.toHaveProperty('z')
    expect(seen).toEqual([
      [`/image/v2/images/${source}`, demo.token],
      [`/image/v2/images/${source}/file`, demo.token],
    ])
    const missing = await download(randomUUID())
    expect(missing.tasks).toMatchObject([{ status: 'failure', message: expect.stringContaining('HTTP 404') }])
    expect(await demo.read(missing.id)).toMatchObject({ status: 'queued', size: null })
  } finally {
    await cloud.close()
    other.closeAllConnections()
    other.close()
  }
})
