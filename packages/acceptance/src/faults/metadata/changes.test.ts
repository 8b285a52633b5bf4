import { expect, test } from 'vitest'
import { failure, faultyCloud } from '../faulty-cloud.js'

const json = { 'content-type': 'application/json' }

test.each<[number, string, string]>([
  [403, 'ForbiddenError', "Attribute 'os_kind' is read-only."],
  [409, 'ConflictError', "Property 'os_kind' cannot be changed now."],
])('M4: a %d to one change of many saves none of them, and names the property', async (status, name, message) => {
  await using under = await faultyCloud({
    image: [
      {
        match: { method: 'PATCH' },
        fault: { type: 'status', status, headers: json, body: JSON.stringify({ message }) },
      },
    ],
  })
  const { id } = await under.direct.images.create({ name: 'before', properties: { os_kind: 'a' } })
  const error = await failure(under.cloud.images.update(id, { name: 'after', properties: { os_kind: 'b', more: 'c' } }))
  expect(error).toMatchObject({ name, status, message: expect.stringContaining('os_kind') })
  expect(await under.direct.images.get(id)).toMatchObject({ name: 'before', properties: { os_kind: 'a' } })
})

test.each(['a/b', 'a~b', '~1', 'with space', 'größe', '名前', '~0/~1 x'])(
  'M4: a property called %s is set, changed and removed like any other',
  async (key) => {
    await using under = await faultyCloud({})
    const { id } = await under.cloud.images.create({ name: 'p', properties: { [key]: '1' } })
    expect((await under.cloud.images.update(id, { properties: { [key]: '2' } })).properties).toMatchObject({
      [key]: '2',
    })
    expect((await under.cloud.images.update(id, { properties: { [key]: null } })).properties).not.toHaveProperty(key)
  },
)
