import { expect, test } from 'vitest'
import { jsonPatchV21, type WireImage } from '@tyrax/protocol'
import { contractSuite, expectStatus, patch } from '../scratch.js'
import type { ContractTarget } from '../target.js'
import type { Answer } from '../wire.js'

/** Characters that take four bytes in UTF-8, such as emoji: Glance keeps none of them. */
export function fourByteContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('characters of four bytes', makeTarget, (scratch) => {
    const headers = { accept: 'application/json' }
    const expectRefused = (answer: Answer, message: string) => {
      expectStatus(answer, 400)
      expect(answer.json()['message']).toBe(`${message}<br /><br />\n\n\n`)
    }

    test.each([
      ['a name', { name: 'a 🐟' }, `Name can't contain 4 byte unicode characters.`],
      ['the name of a property', { 'p🐟': 'x' }, `Property names can't contain 4 byte unicode.`],
      ['the value of a property', { os_distro: '🐟' }, `Os_Distro can't contain 4 byte unicode characters.`],
      ['a name before a property', { name: '🐟', 'p🐟': 'x' }, `Name can't contain 4 byte unicode characters.`],
    ])('a create with it in %s is 400', async (_what, json, message) => {
      expectRefused(await scratch.demo.image('POST', '/v2/images', { json, headers }), message)
    })

    test.each([
      ['a name', '/name', '🐟', `Name can't contain 4 byte unicode characters.`],
      ['the name of a property', '/a🐟b', 'x', `Property names can't contain 4 byte unicode.`],
      ['the value of a property', '/aB-c2d_e', '🐟', `Ab-C2D_E can't contain 4 byte unicode characters.`],
      ['a tag', '/tags', ['ok', '🐟'], `Param values can't contain 4 byte unicode.`],
    ])('a PATCH with it in %s is 400, and changes nothing', async (_what, path, value, message) => {
      const { id } = await scratch.image({ name: 'before', tags: ['first'] })
      const json = [{ op: 'add', path, value }]
      const answer = await scratch.demo.image('PATCH', `/v2/images/${id}`, {
        json,
        headers: { ...headers, 'content-type': jsonPatchV21 },
      })
      expectRefused(answer, message)
      const image = (await scratch.demo.image('GET', `/v2/images/${id}`)).json<WireImage>()
      expect(image).toMatchObject({ name: 'before', tags: ['first'] })
    })

    test('an owner and a member with it are 400', async () => {
      const { id } = await scratch.image()
      const owner = await scratch.admin.image('PATCH', `/v2/images/${id}`, {
        json: [{ op: 'replace', path: '/owner', value: '🐟' }],
        headers: { ...headers, 'content-type': jsonPatchV21 },
      })
      expectRefused(owner, `Owner can't contain 4 byte unicode characters.`)
      const member = await scratch.demo.image('POST', `/v2/images/${id}/members`, { json: { member: '🐟' }, headers })
      expectRefused(member, `Member can't contain 4 byte unicode characters.`)
    })

    test('all others are kept, and filters may have any', async () => {
      const { id, name } = await scratch.image({ name: `ü☃ﷺ ${scratch.name()}`, tags: ['ﷺ'], 'ü☃': 'é' })
      expectStatus(await patch(scratch.demo, id, [{ op: 'add', path: '/☃', value: '☃' }]), 200)
      const image = (await scratch.demo.image('GET', `/v2/images/${id}`)).json<WireImage>()
      expect(image).toMatchObject({ name, tags: ['ﷺ'], 'ü☃': 'é', '☃': '☃' })
      for (const key of ['name', 'tag', 'p']) {
        const listed = await scratch.demo.image('GET', `/v2/images?${key}=${encodeURIComponent('🐟')}`)
        expect(listed.json<{ images: unknown[] }>().images).toEqual([])
      }
    })
  })
}
