import { startCloud } from '@tyrax/server'
import { expect, test } from 'vitest'
import { connect } from '../../node/index.js'

const login = (authUrl: string) =>
  connect({ auth: { authUrl, username: 'demo', password: 'secret', projectName: 'demo' } })

test('limits and usage are read in MiB and numbers of images; no limit is null', async () => {
  const quotas = { imageSizeTotalMiB: 100, imageCountTotal: 10 }
  await using server = await startCloud({ port: 0, config: { image: { quotas } } })
  await using cloud = await login(server.authUrl)
  const data = new Uint8Array(3 * 1024 ** 2)
  await cloud.images.create({ name: 'three MiB', diskFormat: 'raw', data })
  expect(await cloud.images.usage.get()).toEqual({
    imageSizeTotalMiB: { limit: 100, usage: 3 },
    imageStageTotalMiB: { limit: null, usage: 0 },
    imageCountTotal: { limit: 10, usage: 1 },
    imageCountUploading: { limit: null, usage: 0 },
  })
})

test('a cloud that keeps no quotas has an empty usage', async () => {
  await using server = await startCloud({ port: 0 })
  await using cloud = await login(server.authUrl)
  expect(await cloud.images.usage.get()).toEqual({})
})

test('schema documents are read by name, with what this cloud takes', async () => {
  await using server = await startCloud({ port: 0, config: { image: { diskFormats: ['raw', 'qcow2'] } } })
  await using cloud = await login(server.authUrl)
  const image = await cloud.images.schemas.get('image')
  expect(image.properties['disk_format']?.enum).toEqual(expect.arrayContaining(['raw', 'qcow2']))
  expect(image.properties['disk_format']?.enum).not.toContain('iso')
  expect(await cloud.images.schemas.get('metadefs/namespace')).toMatchObject({
    name: 'namespace',
    properties: { namespace: { maxLength: 80 } },
  })
  await expect(cloud.images.schemas.get('imagez' as 'image')).rejects.toMatchObject({ name: 'UsageError' })
})
