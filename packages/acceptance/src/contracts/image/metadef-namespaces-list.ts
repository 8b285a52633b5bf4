import { expect, test } from 'vitest'
import type { WireMetadefNamespace } from '@tyrax/protocol'
import { contractSuite, expectStatus } from '../scratch.js'
import type { Account, ContractTarget } from '../target.js'
import { createNamespace, expectRefusal, namespaces, pathOf } from './metadefs-scratch.js'

interface Page {
  readonly namespaces: readonly WireMetadefNamespace[]
  readonly first: string
  readonly next?: string
  readonly schema: string
}

/** The pages of /v2/metadefs/namespaces, and who sees and changes which namespace. */
export function metadefNamespacesListContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('lists of metadef namespaces', makeTarget, (scratch) => {
    const list = async (query: string, account: Account = scratch.admin) => {
      const answer = await account.image('GET', `${namespaces}?${query}`)
      expectStatus(answer, 200)
      return answer.json<Page>()
    }
    const read = async (name: string, query = '', account: Account = scratch.admin) => {
      const answer = await account.image('GET', `${pathOf(name)}${query}`)
      expectStatus(answer, 200)
      return answer.json<WireMetadefNamespace>()
    }

    test('readers see public ones and those of their project; others do not exist for them', async () => {
      const open = await createNamespace(scratch, { visibility: 'public' })
      const own = await createNamespace(scratch, { owner: scratch.demo.projectId })
      const hidden = await createNamespace(scratch)
      for (const account of [scratch.demo, scratch.target.reader]) {
        for (const { namespace } of [open, own]) expect((await read(namespace, '', account)).namespace).toBe(namespace)
        await expectRefusal(account, ['GET', pathOf(hidden.namespace)], 404, 'The resource could not be found.')
      }
      const seen = async (account: Account) => {
        const made = [open, own, hidden].map(({ namespace }) => namespace)
        const page = await list('limit=1000', account)
        return page.namespaces.map(({ namespace }) => namespace).filter((each) => made.includes(each))
      }
      expect(await seen(scratch.demo)).toEqual([own.namespace, open.namespace])
      expect(await seen(scratch.alt)).toEqual([open.namespace])
      expect(await seen(scratch.admin)).toEqual([hidden.namespace, own.namespace, open.namespace])
    })

    test('writing is for admins: 403, but 404 first where the caller sees nothing', async () => {
      const open = await createNamespace(scratch, { visibility: 'public' })
      const hidden = await createNamespace(scratch)
      const refused = (action: string) => `You are not authorized to complete ${action}_metadef_namespace action.`
      const json = { namespace: scratch.name() }
      await expectRefusal(scratch.demo, ['POST', namespaces, json], 403, refused('add'))
      await expectRefusal(scratch.demo, ['PUT', pathOf(open.namespace), json], 403, refused('modify'))
      await expectRefusal(scratch.demo, ['DELETE', pathOf(open.namespace)], 403, refused('delete'))
      const unseen = `Namespace ${hidden.namespace} not found`
      await expectRefusal(scratch.demo, ['PUT', pathOf(hidden.namespace), json], 404, unseen)
      await expectRefusal(scratch.demo, ['DELETE', pathOf(hidden.namespace)], 404, unseen)
      // The body is checked before anything else.
      await expectRefusal(scratch.demo, ['PUT', pathOf(hidden.namespace), {}], 400, 'Provided object does not match')
    })

    test('a list has the newest first, with associations and without the rest', async () => {
      const older = await createNamespace(scratch, {
        resource_type_associations: [{ name: 'OS::Nova::Flavor', prefix: 'a:' }],
        properties: { p: { title: 'P', type: 'string' } },
        tags: [{ name: 't' }],
      })
      const newer = await createNamespace(scratch)
      const page = await list('limit=1000')
      const found = page.namespaces.filter(({ namespace }) =>
        [older, newer].some((each) => each.namespace === namespace),
      )
      expect(found.map(({ namespace }) => namespace)).toEqual([newer.namespace, older.namespace])
      expect(found[1]?.resource_type_associations).toMatchObject([{ name: 'OS::Nova::Flavor', prefix: 'a:' }])
      expect(found[1]).not.toHaveProperty('properties')
      expect(found[1]).not.toHaveProperty('tags')
      expect(page.schema).toBe('/v2/schemas/metadefs/namespaces')
    })

    test('pages follow each other by the name of the last one', async () => {
      const type = scratch.name()
      const made: string[] = []
      for (const end of ['a', 'b', 'c']) {
        const namespace = `${type}-${end}`
        await createNamespace(scratch, { namespace, resource_type_associations: [{ name: type }] })
        made.push(namespace)
      }
      for (const [sort, expected] of [
        ['', made.toReversed()],
        ['&sort_key=namespace&sort_dir=asc', made],
        ['&sort_key=namespace', made.toReversed()],
        ['&sort_key=display_name&sort_dir=asc', made],
        ['&sort_key=id&sort_dir=asc', made],
        ['&sort_key=protected', made.toReversed()],
      ] as const) {
        const seen: string[] = []
        let query: string | undefined = `resource_types=${type}&limit=2${sort}`
        expect((await list(query)).first).toBe(`${namespaces}?${query}`)
        while (query !== undefined) {
          const page: Page = await list(query)
          seen.push(...page.namespaces.map(({ namespace }) => namespace))
          query = page.next?.split('?')[1]
        }
        expect([sort, seen]).toEqual([sort, expected])
      }
    })

    test('filters: visibility, and one of several resource types', async () => {
      const [type, other] = [scratch.name(), scratch.name()]
      const one = await createNamespace(scratch, { resource_type_associations: [{ name: type }] })
      const two = await createNamespace(scratch, {
        visibility: 'public',
        resource_type_associations: [{ name: other }],
      })
      const names = async (query: string) => (await list(query)).namespaces.map(({ namespace }) => namespace)
      expect(await names(`resource_types=${type}`)).toEqual([one.namespace])
      expect(await names(`resource_types=${type},${other}`)).toEqual([two.namespace, one.namespace])
      expect(await names(`resource_types=${type},${other}&visibility=public`)).toEqual([two.namespace])
      expect(await names(`resource_types=${scratch.name()}`)).toEqual([])
      expect(await names('resource_types=')).toEqual([])
      expect(await names('visibility=')).toEqual([])
      expect(await names(`resource_types=${type}&unknown=filter`)).toEqual([one.namespace])
    })

    test('limit: 0 is an empty page, -1 is 400; so are unknown directions and visibilities', async () => {
      const page = await list('limit=0')
      expect([page.namespaces, page.first, page.next]).toEqual([[], `${namespaces}?limit=0`, undefined])
      const refused = (query: string, text: string) =>
        expectRefusal(scratch.admin, ['GET', `${namespaces}?${query}`], 400, text)
      await refused('limit=-1', 'limit param must be positive')
      await refused('sort_dir=up', 'Invalid sort direction: up')
      await refused('visibility=shared', 'Invalid visibility value: shared')
      const { namespace } = await createNamespace(scratch)
      await expectRefusal(
        scratch.admin,
        ['GET', `${pathOf(namespace)}?visibility=shared`],
        400,
        'Invalid visibility value: shared',
      )
    })

    test('an unknown marker is 404, one that the caller does not see 403', async () => {
      const absent = scratch.name()
      await expectRefusal(
        scratch.demo,
        ['GET', `${namespaces}?marker=${absent}`],
        404,
        `Metadata definition namespace=${absent} was not found.`,
      )
      const { namespace } = await createNamespace(scratch)
      await expectRefusal(
        scratch.demo,
        ['GET', `${namespaces}?marker=${namespace}`],
        403,
        `Forbidding request, metadata definition namespace=${namespace} is not visible.`,
      )
    })
  })
}
