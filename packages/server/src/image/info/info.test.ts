import { expect, test } from 'vitest'
import { startImageCloud } from '../testing/image-cloud.js'

test('a cloud of one store has no list of stores', async () => {
  const cloud = await startImageCloud({ importMethods: ['web-download'] })
  try {
    expect((await cloud.demo.call('GET', '/v2/info/stores')).status).toBe(404)
    expect((await cloud.demo.call('GET', '/v2/info/import')).body).toMatchObject({
      'import-methods': { type: 'array', value: ['web-download'] },
    })
    expect((await cloud.demo.call('GET', '/v2/info/usage')).body).toEqual({ usage: {} })
    expect((await cloud.demo.call('PUT', '/v2/info/import')).status).toBe(405)
    expect((await cloud.demo.call('PUT', '/v2/info/usage')).status).toBe(404)
  } finally {
    await cloud.close()
  }
})

test('several stores are listed, what is true of them as text; details are for admins', async () => {
  const cloud = await startImageCloud({
    stores: [
      { id: 'cheap', description: 'slow' },
      { id: 'fast', default: true },
    ],
  })
  try {
    expect((await cloud.demo.call('GET', '/v2/info/stores')).body).toEqual({
      stores: [
        { id: 'cheap', description: 'slow' },
        { id: 'fast', default: 'true' },
      ],
    })
    expect((await cloud.demo.call('GET', '/v2/info/stores/detail')).status).toBe(403)
    expect((await cloud.admin.call('GET', '/v2/info/stores/detail')).status).toBe(200)
  } finally {
    await cloud.close()
  }
})
