import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { WireImage } from '@tyrax/protocol'
import { contractSuite, expectStatus, type Scratch } from '../scratch.js'
import type { Account, ContractTarget } from '../target.js'

interface Page {
  images: WireImage[]
  next?: string
  first: string
  schema: string
}

type Parameters = Record<string, string> | [string, string][]

/** GET /v2/images: pages, filters, sorting, and visibility. */
export function imagesListContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('images: list', makeTarget, (scratch) => {
    const ask = (parameters: Parameters, account: Account = scratch.demo) =>
      account.image('GET', `/v2/images?${new URLSearchParams(parameters).toString()}`)
    const list = async (parameters: Parameters, account?: Account): Promise<Page> => {
      const answer = await ask(parameters, account)
      expectStatus(answer, 200)
      return answer.json<Page>()
    }
    const ids = async (parameters: Parameters, account?: Account) =>
      (await list(parameters, account)).images.map((image) => image.id)

    test('the newest image comes first, whole', async () => {
      const tag = scratch.name()
      const made = await images(scratch, 3, { tags: [tag] })
      const page = await list({ tag, sort: 'created_at:desc,id:asc' })
      expect(page.images.map((image) => image.id).toSorted()).toEqual(made.map((image) => image.id).toSorted())
      expect(page.images.find((image) => image.id === made[0]?.id)).toEqual(made[0])
      expect(page.schema).toBe('/v2/schemas/images')
      expect(page.first).toMatch(/^\/v2\/images\?/)
      expect(page.next).toBeUndefined()
    })

    test('pages follow each other by marker, each image once', async () => {
      const tag = scratch.name()
      const made = await images(scratch, 5, { tags: [tag] })
      const seen: string[] = []
      let marker: string | undefined
      let pages = 0
      do {
        const page = await list({ tag, limit: '2', sort: 'name:asc', ...(marker === undefined ? {} : { marker }) })
        seen.push(...page.images.map((image) => image.id))
        marker =
          page.next === undefined
            ? undefined
            : (new URLSearchParams(page.next.split('?')[1]).get('marker') ?? undefined)
        pages += 1
      } while (marker !== undefined)
      expect(pages).toBe(3)
      expect(seen).toEqual(made.map((image) => image.id))
    })

    test('a full page has a next, path-absolute without any prefix, even when nothing follows', async () => {
      const tag = scratch.name()
      const made = await images(scratch, 2, { tags: [tag] })
      const page = await list({ tag, limit: '2', sort: 'name:asc' })
      expect(page.next).toMatch(/^\/v2\/images\?/)
      const query = new URLSearchParams(page.next?.split('?')[1])
      expect(Object.fromEntries(query)).toEqual({ tag, limit: '2', sort: 'name:asc', marker: made[1]?.id })
      const last = await list([...query])
      expect(last.images).toEqual([])
      expect(last.next).toBeUndefined()
    })

    test('next keeps only the last of repeated parameters', async () => {
      const [one, two] = [scratch.name(), scratch.name()]
      await images(scratch, 2, { tags: [one, two] })
      const page = await list([
        ['tag', one],
        ['tag', two],
        ['limit', '1'],
      ])
      expect(new URLSearchParams(page.next?.split('?')[1]).getAll('tag')).toEqual([two])
    })

    test('limit 0 is an empty page, a huge one is capped, a bad one is 400', async () => {
      const tag = scratch.name()
      await images(scratch, 1, { tags: [tag] })
      const empty = await list({ tag, limit: '0' })
      expect([empty.images, empty.next]).toEqual([[], undefined])
      expect((await list({ tag, limit: '1000000000' })).images).toHaveLength(1)
      for (const limit of ['-1', 'x', '1.5']) expectStatus(await ask({ limit }), 400)
    })

    test('an unknown marker is 400, and so is that of a deleted image', async () => {
      const image = await scratch.image()
      await scratch.demo.image('DELETE', `/v2/images/${image.id}`)
      for (const marker of [randomUUID(), image.id]) expectStatus(await ask({ marker }), 400)
    })

    test('name matches whole and as it is, with eq: and with in:', async () => {
      const [plain, odd] = [scratch.name(), `${scratch.name()}:1,"x" & ü`]
      const first = await scratch.image({ name: plain })
      const second = await scratch.image({ name: odd })
      expect(await ids({ name: plain })).toEqual([first.id])
      expect(await ids({ name: `eq:${plain}` })).toEqual([first.id])
      expect(await ids({ name: `eq:${odd}` })).toEqual([second.id])
      expect(await ids({ name: plain.slice(0, -1) })).toEqual([])
      const comma = `${scratch.name()},b:c`
      const third = await scratch.image({ name: comma })
      expect((await ids({ name: `in:${plain},"${comma}"` })).toSorted()).toEqual([first.id, third.id].toSorted())
    })

    test('a name with a colon is taken for an operator', async () => {
      expectStatus(await ask({ name: 'ubuntu:22.04' }), 400)
      expectStatus(await ask({ name: 'neq:x' }), 400)
    })

    test('id, status and formats filter, also with in:', async () => {
      const tag = scratch.name()
      const raw = await scratch.image({ tags: [tag], disk_format: 'raw', container_format: 'bare' })
      const iso = await scratch.image({ tags: [tag], disk_format: 'iso', container_format: 'ovf' })
      const active = await scratch.activeImage(Buffer.from('12345'), {
        tags: [tag],
        disk_format: 'ami',
        container_format: 'ami',
      })
      expect(await ids({ tag, id: raw.id })).toEqual([raw.id])
      expect((await ids({ tag, id: `in:${raw.id},${iso.id}` })).toSorted()).toEqual([raw.id, iso.id].toSorted())
      expect(await ids({ tag, status: 'active' })).toEqual([active.id])
      expect((await ids({ tag, status: 'in:queued,active' })).length).toBe(3)
      expect(await ids({ tag, disk_format: 'iso' })).toEqual([iso.id])
      expect((await ids({ tag, disk_format: 'in:raw,ami' })).toSorted()).toEqual([raw.id, active.id].toSorted())
      expect(await ids({ tag, container_format: 'ovf' })).toEqual([iso.id])
    })

    test('sizes filter by range, and are whole numbers', async () => {
      const tag = scratch.name()
      const small = await scratch.activeImage(Buffer.alloc(10), { tags: [tag], min_disk: 1, min_ram: 64 })
      const large = await scratch.activeImage(Buffer.alloc(2000), { tags: [tag], min_disk: 5, min_ram: 4096 })
      expect(await ids({ tag, size_min: '11' })).toEqual([large.id])
      expect(await ids({ tag, size_max: '10' })).toEqual([small.id])
      expect(await ids({ tag, size_min: '10', size_max: '10' })).toEqual([small.id])
      expect(await ids({ tag, min_disk_min: '2' })).toEqual([large.id])
      expect(await ids({ tag, min_ram_max: '100' })).toEqual([small.id])
      for (const value of ['x', '1.5', '']) expectStatus(await ask({ size_min: value }), 400)
    })

    test('several tags must all be there', async () => {
      const [one, two] = [scratch.name(), scratch.name()]
      const both = await scratch.image({ tags: [one, two] })
      await scratch.image({ tags: [one] })
      const parameters: Parameters = [
        ['tag', one],
        ['tag', two],
      ]
      expect(await ids(parameters)).toEqual([both.id])
      expect(await ids([...parameters, ['tag', scratch.name()]])).toEqual([])
    })

    test('custom properties filter by equality, and unknown names match nothing', async () => {
      const value = scratch.name()
      const image = await scratch.image({ os_distro: value })
      expect(await ids({ os_distro: value })).toEqual([image.id])
      expect(await ids({ os_distro: value, os_version: '1' })).toEqual([])
      expect(await ids({ [`unknown${value}`]: '1' })).toEqual([])
    })

    test('protected filters by lower-case booleans alone', async () => {
      const tag = scratch.name()
      const kept = await scratch.image({ tags: [tag], protected: true })
      const loose = await scratch.image({ tags: [tag] })
      expect(await ids({ tag, protected: 'true' })).toEqual([kept.id])
      expect(await ids({ tag, protected: 'false' })).toEqual([loose.id])
      expectStatus(await ask({ protected: 'True' }), 400)
    })

    test('hidden images show only when asked for, and then alone', async () => {
      const tag = scratch.name()
      const hidden = await scratch.image({ tags: [tag], os_hidden: true })
      const shown = await scratch.image({ tags: [tag] })
      expect(await ids({ tag })).toEqual([shown.id])
      expect(await ids({ tag, os_hidden: 'false' })).toEqual([shown.id])
      expect(await ids({ tag, os_hidden: 'true' })).toEqual([hidden.id])
      expectStatus(await ask({ os_hidden: 'maybe' }), 400)
    })

    test('times filter with operators', async () => {
      const tag = scratch.name()
      const image = await scratch.image({ tags: [tag] })
      // Stored times may be finer than the whole seconds shown.
      const at = image.created_at
      const later = new Date(Date.parse(at) + 2000).toISOString().replace(/\.\d+/, '')
      for (const filter of [`gte:${at}`, `lte:${later}`, `lt:${later}`, `neq:${later}`, 'gt:2001-01-01T00:00:00Z']) {
        expect(await ids({ tag, created_at: filter }), filter).toEqual([image.id])
      }
      for (const filter of [`gt:${later}`, `lt:${at}`, `eq:${later}`, later]) {
        expect(await ids({ tag, created_at: filter }), filter).toEqual([])
      }
      expectStatus(await ask({ created_at: 'gt:yesterday' }), 400)
      expectStatus(await ask({ updated_at: 'near:2001-01-01T00:00:00Z' }), 400)
      expectStatus(await ask({ 'changes-since': '2001-01-01T00:00:00Z' }), 400)
    })

    test('checksum, hash and owner filter', async () => {
      const image = await scratch.activeImage(Buffer.from(scratch.name()))
      expect(await ids({ checksum: String(image.checksum), id: image.id })).toEqual([image.id])
      expect(await ids({ os_hash_value: String(image.os_hash_value) })).toEqual([image.id])
      expect(await ids({ id: image.id, owner: scratch.demo.projectId })).toEqual([image.id])
      expect(await ids({ id: image.id, owner: scratch.alt.projectId })).toEqual([])
    })

    test("community images of others show with visibility community or all, one's own always", async () => {
      const tag = scratch.name()
      const image = await scratch.image({ tags: [tag], visibility: 'community' })
      expect(await ids({ tag }, scratch.alt)).toEqual([])
      expect(await ids({ tag, visibility: 'community' }, scratch.alt)).toEqual([image.id])
      expect(await ids({ tag, visibility: 'all' }, scratch.alt)).toEqual([image.id])
      expect(await ids({ tag })).toEqual([image.id])
    })

    test('visibility public, private and shared choose', async () => {
      const tag = scratch.name()
      const open = await scratch.image({ tags: [tag], visibility: 'public' }, scratch.admin)
      const own = await scratch.image({ tags: [tag], visibility: 'private' })
      const shared = await scratch.image({ tags: [tag], visibility: 'shared' })
      expect(await ids({ tag, visibility: 'public' })).toEqual([open.id])
      expect(await ids({ tag, visibility: 'private' })).toEqual([own.id])
      expect(await ids({ tag, visibility: 'shared' })).toEqual([shared.id])
      expect((await ids({ tag })).toSorted()).toEqual([open.id, own.id, shared.id].toSorted())
      expect(await ids({ tag }, scratch.alt)).toEqual([open.id])
      expectStatus(await ask({ visibility: 'secret' }), 400)
    })

    test('a shared image shows to its member once accepted, or by member_status', async () => {
      const { alt, demo } = scratch
      const tag = scratch.name()
      const image = await scratch.image({ tags: [tag] })
      await demo.image('POST', `/v2/images/${image.id}/members`, { json: { member: alt.projectId } })
      const seen = (status?: string) =>
        ids({ tag, visibility: 'shared', ...(status === undefined ? {} : { member_status: status }) }, alt)
      expect([await seen(), await seen('accepted'), await seen('rejected')]).toEqual([[], [], []])
      expect([await seen('pending'), await seen('all')]).toEqual([[image.id], [image.id]])
      const path = `/v2/images/${image.id}/members/${alt.projectId}`
      await alt.image('PUT', path, { json: { status: 'accepted' } })
      expect([await seen(), await seen('accepted'), await seen('pending')]).toEqual([[image.id], [image.id], []])
      expect(await ids({ tag }, alt)).toEqual([image.id])
      await alt.image('PUT', path, { json: { status: 'rejected' } })
      expect([await seen(), await seen('rejected')]).toEqual([[], [image.id]])
      expectStatus(await ask({ member_status: 'maybe' }), 400)
    })

    test('an admin sees the images of all projects', async () => {
      const tag = scratch.name()
      const image = await scratch.image({ tags: [tag], visibility: 'private' })
      expect(await ids({ tag }, scratch.admin)).toEqual([image.id])
    })

    test('sort takes several keys with directions, the default of each being desc', async () => {
      const tag = scratch.name()
      const make = (name: string, disk_format: string) => scratch.image({ name, disk_format, tags: [tag] })
      await make('b', 'raw')
      await make('a', 'raw')
      await make('a', 'iso')
      const names = async (parameters: Parameters) =>
        (await list(parameters)).images.map((image) => `${image.name}-${image.disk_format}`)
      expect(await names({ tag, sort: 'name:asc,disk_format:asc' })).toEqual(['a-iso', 'a-raw', 'b-raw'])
      expect(await names({ tag, sort: 'name:asc,disk_format' })).toEqual(['a-raw', 'a-iso', 'b-raw'])
      expect(await names({ tag, sort: 'name,disk_format:asc' })).toEqual(['b-raw', 'a-iso', 'a-raw'])
      const keys: Parameters = [
        ['tag', tag],
        ['sort_key', 'name'],
        ['sort_key', 'disk_format'],
      ]
      expect(await names([...keys, ['sort_dir', 'asc'], ['sort_dir', 'desc']])).toEqual(['a-raw', 'a-iso', 'b-raw'])
      expect(await names([...keys, ['sort_dir', 'asc']])).toEqual(['a-iso', 'a-raw', 'b-raw'])
      expect(await names(keys)).toEqual(['b-raw', 'a-raw', 'a-iso'])
    })

    test.each<[string, Parameters]>([
      ['an unknown key', { sort: 'colour:asc' }],
      ['an unknown direction', { sort: 'name:up' }],
      ['an unknown sort_key', { sort_key: 'colour' }],
      ['an unknown sort_dir', { sort_dir: 'up' }],
      ['both styles', { sort: 'name:asc', sort_key: 'name' }],
      [
        'more directions than keys',
        [
          ['sort_key', 'name'],
          ['sort_dir', 'asc'],
          ['sort_dir', 'asc'],
        ],
      ],
    ])('sorting by %s is 400', async (_what, parameters) => {
      expectStatus(await ask(parameters), 400)
    })

    test.each(['name', 'status', 'container_format', 'disk_format', 'size', 'id', 'created_at', 'updated_at'])(
      'pages sorted by %s miss nothing, nulls included',
      async (key) => {
        const tag = scratch.name()
        const made = [
          await scratch.activeImage(Buffer.from('x'), { tags: [tag] }),
          await scratch.activeImage(Buffer.from('xy'), {
            tags: [tag],
            name: 'n',
            disk_format: 'ami',
            container_format: 'ami',
          }),
        ]
        // Pages sorted by size omit images that have none.
        if (key !== 'size') made.push(await scratch.image({ tags: [tag] }))
        for (const direction of ['asc', 'desc']) {
          const seen: string[] = []
          let marker: string | undefined
          for (let turns = 0; turns < 5; turns += 1) {
            const page = await ids({ tag, limit: '1', sort: `${key}:${direction}`, ...(marker ? { marker } : {}) })
            seen.push(...page)
            marker = page.at(-1)
            if (marker === undefined) break
          }
          expect(seen.toSorted(), direction).toEqual(made.map((image) => image.id).toSorted())
        }
      },
    )
  })
}

/** Several images, their names in order of creation. */
async function images(scratch: Scratch, count: number, fields: Record<string, unknown>): Promise<WireImage[]> {
  const made: WireImage[] = []
  for (let index = 0; index < count; index += 1) made.push(await scratch.image({ name: `${index}`, ...fields }))
  return made
}
