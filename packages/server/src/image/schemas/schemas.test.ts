import { diskFormats, imageFields } from '@tyrax/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startImageCloud, type ImageCloud } from '../testing/image-cloud.js'

let cloud: ImageCloud
beforeAll(async () => {
  cloud = await startImageCloud()
})
afterAll(() => cloud.close())

const schema = async (name: string) => (await cloud.demo.call('GET', `/v2/schemas/${name}`)).body

test('the image document has every base field, the formats of this cloud, and lets strings be added', async () => {
  const { properties, additionalProperties } = (await schema('image')) as Record<string, Record<string, unknown>>
  for (const field of imageFields) expect(properties).toHaveProperty(field.wire)
  expect(properties).toMatchObject({ disk_format: { enum: [null, ...diskFormats] }, os_distro: { is_base: false } })
  expect(additionalProperties).toEqual({ type: 'string' })
})

test.each(['images', 'members', 'tasks'])('the document of the list %s describes its items', async (name) => {
  expect(await schema(name)).toMatchObject({
    name,
    properties: { [name]: { type: 'array', items: { name: name.slice(0, -1) } } },
  })
})
