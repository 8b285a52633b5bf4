import { expect, test } from 'vitest'
import { metadefAppendHeader, type WireMetadefTag } from '@tyrax/protocol'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'
import { createNamespace, expectRefusal, pathOf, wireTimePattern } from './metadefs-scratch.js'

/** /v2/metadefs/namespaces/{namespace}/tags. */
export function metadefTagsContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('metadef tags', makeTarget, (scratch) => {
    const inNamespace = async (fields: Parameters<typeof createNamespace>[1] = { visibility: 'public' }) => {
      const { namespace } = await createNamespace(scratch, fields)
      return { namespace, tags: pathOf(namespace, 'tags'), pathTo: (name: string) => pathOf(namespace, 'tags', name) }
    }
    const named = (...names: readonly string[]) => ({ tags: names.map((name) => ({ name })) })
    const post = (tags: string, names: readonly string[], headers = {}) =>
      scratch.admin.image('POST', tags, { json: named(...names), headers })
    const list = async (tags: string, account = scratch.admin) => {
      const answer = await account.image('GET', tags)
      expectStatus(answer, 200)
      return answer.json<{ tags: WireMetadefTag[] }>().tags.map(({ name }) => name)
    }
    const exists = (namespace: string, name: string) =>
      `A metadata tag with name=${name} already exists in namespace=${namespace}.`
    const name81 = 't'.repeat(81)

    test('tags are sent together and listed with the newest first', async () => {
      const { tags } = await inNamespace()
      const made = await post(tags, ['b', 'a'])
      expectStatus(made, 201)
      expect(made.json()).toEqual(named('b', 'a'))
      expect((await scratch.target.reader.image('GET', tags)).json()).toEqual(named('a', 'b'))
    })

    test('they replace all that were there, or are added to them', async () => {
      const { namespace, tags } = await inNamespace()
      await post(tags, ['a', 'b'])
      await post(tags, ['c'])
      expect(await list(tags)).toEqual(['c'])
      expectStatus(await post(tags, ['d'], { [metadefAppendHeader]: 'True' }), 201)
      expectStatus(await post(tags, ['e'], { [metadefAppendHeader]: 'yes' }), 201)
      expect(await list(tags)).toEqual(['e', 'd', 'c'])
      const again = await post(tags, ['f', 'c'], { [metadefAppendHeader]: 'True', accept: 'application/json' })
      expectStatus(again, 409)
      expect(again.text).toContain(exists(namespace, 'c'))
      expect(await list(tags)).toEqual(['e', 'd', 'c'])
      expectStatus(await post(tags, ['g'], { [metadefAppendHeader]: 'no' }), 201)
      expect(await list(tags)).toEqual(['g'])
    })

    test('a name twice is 409, and the tags stay as they were; so they do without any tag', async () => {
      const { namespace, tags } = await inNamespace()
      await post(tags, ['a'])
      await expectRefusal(scratch.admin, ['POST', tags, named('x', 'x')], 409, exists(namespace, 'x'))
      expectStatus(await post(tags, []), 201)
      expect(await list(tags)).toEqual(['a'])
    })

    test.each([
      ['no name', { tags: [{}] }, "'name' is a required property"],
      ['an unknown field of a tag', { tags: [{ name: 'x', y: 1 }] }, "Additional properties are not allowed ('y' was"],
      ['an unknown field', { x: 1 }, "Additional properties are not allowed ('x' was unexpected)"],
      ['text', { tags: 'x' }, "'x' is not of type 'array'"],
    ])('%s is 400', async (_what, json, reason) => {
      const { tags } = await inNamespace()
      const text = `Provided object does not match schema 'tags': ${reason}`
      await expectRefusal(scratch.admin, ['POST', tags, json], 400, text)
    })

    test('no body is 400, times are 403', async () => {
      const { tags } = await inNamespace()
      await expectRefusal(scratch.admin, ['POST', tags], 400, 'Body expected in request.')
      const json = { ...named('a'), created_at: 'x' }
      await expectRefusal(scratch.admin, ['POST', tags, json], 403, "Attribute 'created_at' is read-only.")
    })

    test('one is created by its path, without a body, once', async () => {
      const { namespace, pathTo } = await inNamespace()
      const made = await scratch.admin.image('POST', pathTo('t'))
      expectStatus(made, 201)
      expect(made.json()).toEqual({
        name: 't',
        created_at: expect.stringMatching(wireTimePattern),
        updated_at: expect.stringMatching(wireTimePattern),
      })
      expect((await scratch.demo.image('GET', pathTo('t'))).json()).toEqual(made.json())
      await expectRefusal(scratch.admin, ['POST', pathTo('t')], 409, exists(namespace, 't'))
      expectStatus(await scratch.admin.image('POST', pathTo('u'), { json: {} }), 400)
    })

    test('by its path a tag has at most 80 characters, together with others it may have more', async () => {
      const { tags, pathTo } = await inNamespace()
      expectStatus(await scratch.admin.image('POST', pathTo('t'.repeat(80))), 201)
      const text = `Provided object does not match schema 'tag': '${name81}' is too long`
      await expectRefusal(scratch.admin, ['POST', pathTo(name81)], 400, text)
      await expectRefusal(scratch.admin, ['PUT', pathTo('t'.repeat(80)), { name: name81 }], 400, text)
      expectStatus(await post(tags, [name81]), 201)
    })

    test('PUT renames, but not to a name that exists', async () => {
      const { namespace, tags, pathTo } = await inNamespace()
      await post(tags, ['a', 'b'])
      const put = await scratch.admin.image('PUT', pathTo('a'), { json: { name: 'c' } })
      expectStatus(put, 200)
      expect(put.json()).toMatchObject({ name: 'c', created_at: expect.stringMatching(wireTimePattern) })
      await expectRefusal(scratch.admin, ['PUT', pathTo('c'), { name: 'b' }], 409, exists(namespace, 'b'))
      expectStatus(await scratch.admin.image('PUT', pathTo('c'), { json: { name: 'c' } }), 200)
      expect(await list(tags)).toEqual(['b', 'c'])
      await expectRefusal(scratch.admin, ['PUT', pathTo('a'), { name: 'x' }], 404, 'Could not find metadata tag a')
      const text = "Provided object does not match schema 'tag': 'name' is a required property"
      await expectRefusal(scratch.admin, ['PUT', pathTo('c'), {}], 400, text)
      const json = { name: 'c', updated_at: 'x' }
      await expectRefusal(scratch.admin, ['PUT', pathTo('c'), json], 403, "Attribute 'updated_at' is read-only.")
    })

    test('pages: limit, marker and the order', async () => {
      const { tags } = await inNamespace()
      await post(tags, ['b', 'a', 'c'])
      expect(await list(`${tags}?limit=2`)).toEqual(['c', 'a'])
      expect(await list(`${tags}?limit=2&marker=a`)).toEqual(['b'])
      expect(await list(`${tags}?limit=0`)).toEqual([])
      expect(await list(`${tags}?limit=`)).toEqual(['c', 'a', 'b'])
      expect(await list(`${tags}?sort_key=name&sort_dir=asc`)).toEqual(['a', 'b', 'c'])
      expect(await list(`${tags}?sort_key=name&sort_dir=asc&marker=a&limit=1`)).toEqual(['b'])
      expect(await list(`${tags}?sort_key=name&marker=b`)).toEqual(['a'])
      expect(await list(`${tags}?sort_key=id`)).toEqual(['c', 'a', 'b'])
      expect(await list(`${tags}?unknown=x`)).toEqual(['c', 'a', 'b'])
      await expectRefusal(scratch.admin, ['GET', `${tags}?marker=x`], 404, 'Could not find metadata tag x')
    })

    test.each([
      ['limit=-1', 'limit param must be positive'],
      ['limit=x', 'limit param must be an integer'],
      ['sort_dir=up', 'Invalid sort direction: up'],
      ['visibility=x', 'Invalid visibility value: x'],
    ])('the query %s is 400', async (query, text) => {
      const { tags } = await inNamespace()
      await expectRefusal(scratch.admin, ['GET', `${tags}?${query}`], 400, text)
    })

    test('one is deleted once, all are deleted at once', async () => {
      const { tags, pathTo } = await inNamespace()
      await post(tags, ['a', 'b', 'c'])
      expectStatus(await scratch.admin.image('DELETE', pathTo('a')), 204)
      await expectRefusal(scratch.admin, ['DELETE', pathTo('a')], 404, 'Could not find metadata tag a')
      await expectRefusal(scratch.admin, ['GET', pathTo('a')], 404, 'Could not find metadata tag a')
      expectStatus(await scratch.admin.image('DELETE', tags), 204)
      expect(await list(tags)).toEqual([])
    })

    test('writing is for admins', async () => {
      const { tags, pathTo } = await inNamespace()
      await post(tags, ['a'])
      const refused = (request: readonly [string, string, unknown?], action: string) =>
        expectRefusal(scratch.demo, request, 403, `You are not authorized to complete ${action} action.`)
      await refused(['POST', tags, named('b')], 'add_metadef_tags')
      await refused(['POST', pathTo('b')], 'add_metadef_tag')
      await refused(['PUT', pathTo('a'), { name: 'b' }], 'modify_metadef_tag')
      await refused(['DELETE', pathTo('a')], 'delete_metadef_tag')
      await refused(['DELETE', tags], 'delete_metadef_namespace')
      // The length of a name is checked before rights, but not where the namespace is unseen.
      await expectRefusal(scratch.demo, ['POST', pathTo(name81)], 400, "Provided object does not match schema 'tag'")
    })

    test('in a namespace that the caller does not see, nothing exists', async () => {
      const { namespace, tags, pathTo } = await inNamespace({})
      for (const [method, path, json] of [
        ['GET', tags],
        ['POST', tags, named('a')],
        ['DELETE', tags],
        ['GET', pathTo('a')],
        ['POST', pathTo(name81)],
        ['PUT', pathTo('a'), { name: 'b' }],
        ['DELETE', pathTo('a')],
      ] as const) {
        await expectRefusal(scratch.demo, [method, path, json], 404, `Namespace ${namespace} not found`)
      }
    })

    test.each(['a::b', 'a%b', 'a%2Fb', 'a b', 'a?b#c', "a'b"])('the name %j is found by its path', async (name) => {
      const { tags, pathTo } = await inNamespace()
      expectStatus(await scratch.admin.image('POST', pathTo(name)), 201)
      expect((await scratch.admin.image('GET', pathTo(name))).json()).toMatchObject({ name })
      expect(await list(tags)).toEqual([name])
    })

    test('the bytes of a name in a path are Latin-1, those of a body are not; a slash leads nowhere', async () => {
      const { tags, pathTo } = await inNamespace()
      expectStatus(await scratch.admin.image('POST', pathTo('ü☃')), 201)
      expect(await list(tags)).toEqual([Buffer.from('ü☃').toString('latin1')])
      expectStatus(await scratch.admin.image('GET', pathTo('ü☃')), 200)
      await post(tags, ['ü☃', 'a/b'])
      expect(await list(tags)).toEqual(['a/b', 'ü☃'])
      expectStatus(await scratch.admin.image('GET', pathTo('ü☃')), 404)
      expectStatus(await scratch.admin.image('GET', pathTo('a/b')), 404)
    })

    test('other methods are 405', async () => {
      const { tags, pathTo } = await inNamespace()
      for (const [method, path, allow] of [
        ['PUT', tags, 'GET, POST, DELETE'],
        ['PATCH', pathTo('t'), 'GET, POST, PUT, DELETE'],
      ] as const) {
        const answer = await scratch.admin.image(method, path)
        expectStatus(answer, 405)
        expect(answer.headers['allow']).toBe(allow)
      }
    })
  })
}
