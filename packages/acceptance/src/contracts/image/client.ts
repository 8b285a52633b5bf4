import { createHash } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, fromFile, type Cloud } from '@tyrax/sdk'
import { fixturePath, randomDisk } from '@tyrax/testkit'
import { contractSuite } from '../scratch.js'
import type { Account, ContractTarget } from '../target.js'

const sha512 = (data: Uint8Array) => createHash('sha512').update(data).digest('hex')

/** The client's guarantees, which are the same on any cloud. */
export function clientContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('client', makeTarget, (scratch) => {
    let demo: Cloud
    let alt: Cloud
    let folder: string

    const open = ({ username, password, projectName }: Account, more: { region?: string } = {}) =>
      connect({ auth: { authUrl: scratch.target.authUrl, username, password, projectName }, ...more })
    const make = async (params: Parameters<Cloud['images']['create']>[0]) => {
      const image = await demo.images.create(params)
      scratch.track(scratch.demo, image.id)
      return image
    }
    const failure = async (promise: PromiseLike<unknown>): Promise<unknown> => {
      try {
        return { didNotFail: await promise }
      } catch (error) {
        return error
      }
    }
    /** Nothing with this name is left on the server. */
    const expectNothing = async (name: string) => expect(await demo.images.findAll({ name })).toEqual([])

    beforeAll(async () => {
      demo = await open(scratch.demo)
      alt = await open(scratch.alt)
      folder = await mkdtemp(path.join(tmpdir(), 'tyrax-contract-'))
    })
    afterAll(async () => {
      await demo?.close()
      await alt?.close()
      await rm(folder, { recursive: true, force: true })
    })

    test('a disk image goes up, is verified, shared, accepted, comes back byte for byte, and goes away', async () => {
      const name = scratch.name()
      const file = fixturePath('qcow2')
      const image = await make({
        name,
        diskFormat: 'auto',
        data: fromFile(file),
        tags: ['lts'],
        properties: { os_distro: 'debian' },
      })
      const data = await readFile(file)
      expect(image).toMatchObject({
        name,
        status: 'active',
        diskFormat: 'qcow2',
        verdict: 'verified',
        size: data.length,
      })
      expect([image.osHashValue, image.tags, image.properties['os_distro']]).toEqual([sha512(data), ['lts'], 'debian'])

      await demo.images.members.add(image, String(alt.projectId))
      expect(
        (await alt.images.listAll({ visibility: 'shared', memberStatus: 'pending', name })).map((each) => each.id),
      ).toEqual([image.id])
      expect((await alt.images.updateImageMember(image.id, 'accepted')).status).toBe('accepted')
      expect((await alt.images.find(name)).id).toBe(image.id)

      const to = path.join(folder, 'back.qcow2')
      expect(await alt.images.download(image.id, { to })).toMatchObject({ bytes: data.length, verdict: 'verified' })
      expect((await readFile(to)).equals(data)).toBe(true)
      await demo.images.delete(image)
      expect(await failure(demo.images.get(image.id))).toMatchObject({ name: 'NotFoundError', status: 404 })
    })

    test.each([',', ':', '"', ' & =?#', "'", '\\', 'ü☃', 'in:', 'eq:x'])(
      'a name with %j is found by list and find',
      async (odd) => {
        const name = `${scratch.name()}${odd}`
        const { id } = await make({ name })
        expect((await demo.images.listAll({ name })).map((each) => each.id)).toEqual([id])
        expect((await demo.images.find({ name })).id).toBe(id)
        expect((await demo.images.get(id)).name).toBe(name)
      },
    )

    test.each(['a b', 'c?d', 'e/f', 'g~h', 'ü☃', '%2F', 'i:j,k'])(
      'the tag %j is added, listed by and removed',
      async (tag) => {
        const name = scratch.name()
        const { id } = await make({ name, tags: ['first'] })
        await demo.images.tags.add(id, tag)
        await demo.images.tags.add(id, tag)
        expect([...(await demo.images.get(id)).tags].toSorted()).toEqual(['first', tag].toSorted())
        expect((await demo.images.listAll({ name, tag: ['first', tag] })).map((each) => each.id)).toEqual([id])
        await demo.images.tags.remove(id, tag)
        expect((await demo.images.get(id)).tags).toEqual(['first'])
      },
    )

    test('listing with several tags gives the right images on every page', async () => {
      const [one, two] = [scratch.name(), scratch.name()]
      const ids: string[] = []
      for (let index = 0; index < 5; index += 1) ids.push((await make({ name: `${index}`, tags: [one, two] })).id)
      await make({ name: 'other', tags: [two] })
      const seen: string[] = []
      for await (const image of demo.images.list({ tag: [one, two], limit: 2, sortKey: 'name', sortDir: 'asc' }))
        seen.push(image.id)
      expect(seen).toEqual(ids)
    })

    test('update changes what is given, null removes, and the new image comes back', async () => {
      const image = await make({ name: scratch.name(), properties: { keep: '1', old: '2', 'with/slash~tilde': '3' } })
      const fresh = await demo.images.update(image, {
        name: 'renamed',
        minRam: 512,
        tags: ['x'],
        properties: { old: null, new: '4', 'with/slash~tilde': '5' },
      })
      expect(fresh).toMatchObject({ id: image.id, name: 'renamed', minRam: 512, tags: ['x'] })
      expect(fresh.properties).toEqual({ keep: '1', new: '4', 'with/slash~tilde': '5' })
    })

    // One after the other: Glance itself loses one of two concurrent patches (it has no ETag).
    test('an update of an image that somebody has changed since keeps what they did', async () => {
      const stale = await make({ name: scratch.name() })
      await demo.images.update(stale.id, { properties: { a: '1' } })
      await demo.images.update(stale, { properties: { b: '2' } })
      expect((await demo.images.get(stale.id)).properties).toMatchObject({ a: '1', b: '2' })
    })

    test('the owner, and who is no member, set no member status', async () => {
      const image = await make({ name: scratch.name() })
      expect(await failure(demo.images.updateImageMember(image.id, 'accepted'))).toMatchObject({
        name: 'InvalidImageMember',
      })
      expect(await failure(alt.images.updateImageMember(image.id, 'accepted'))).toMatchObject({
        name: 'InvalidImageMember',
      })
      const wrong = failure(alt.images.updateImageMember(image.id, 'maybe' as 'accepted'))
      expect(await wrong).toMatchObject({ name: 'InvalidImageMemberStatus' })
    })

    test('an image that is not shared cannot be shared', async () => {
      const image = await make({ name: scratch.name(), visibility: 'private' })
      expect(await failure(demo.images.members.add(image, String(alt.projectId)))).toMatchObject({
        name: 'UnsharableImage',
      })
    })

    test('an object becomes an image, and can be read twice', async () => {
      const container = scratch.name()
      const data = randomDisk(500_000)
      await demo.objects.createContainer(container)
      scratch.later(async () => {
        await demo.objects.delete(container, 'o.raw')
        await demo.objects.deleteContainer(container)
      })
      const object = await demo.objects.put(container, 'o.raw', data, { metadata: { color: 'red' } })
      expect(object).toMatchObject({
        name: 'o.raw',
        bytes: data.length,
        etag: createHash('md5').update(data).digest('hex'),
      })
      const byName = await make({ name: scratch.name(), diskFormat: 'raw', container, obj: 'o.raw' })
      const byObject = await make({
        name: scratch.name(),
        diskFormat: 'raw',
        obj: await demo.objects.get(container, 'o.raw'),
      })
      for (const image of [byName, byObject])
        expect(image).toMatchObject({ status: 'active', osHashValue: sha512(data) })
    })

    test('a stream of unknown length is stored and verified', async () => {
      const chunks = Array.from({ length: 30 }, () => randomDisk(10_000))
      const whole = Buffer.concat(chunks)
      const stream = new ReadableStream<Uint8Array>({
        pull(controller) {
          const chunk = chunks.shift()
          if (chunk) controller.enqueue(chunk)
          else controller.close()
        },
      })
      const image = await make({ name: scratch.name(), diskFormat: 'raw', data: stream })
      expect(image).toMatchObject({
        status: 'active',
        size: whole.length,
        verdict: 'verified',
        osHashValue: sha512(whole),
      })
    })

    test('a name that two images have is refused with both as candidates', async () => {
      const name = scratch.name()
      const ids = [(await make({ name })).id, (await make({ name })).id]
      const error = await failure(demo.images.find(name))
      expect(error).toMatchObject({ name: 'NoUniqueMatch' })
      const { candidates } = error as { candidates: { id: string }[] }
      expect(candidates.map((each) => each.id).toSorted()).toEqual(ids.toSorted())
      expect(await failure(demo.images.find(scratch.name()))).toMatchObject({ name: 'NoMatchError' })
    })

    test.each(['raw', 'vhd', 'iso'])('a qcow2 declared %s is refused before anything is made', async (diskFormat) => {
      const name = scratch.name()
      const error = await failure(demo.images.create({ name, diskFormat, data: fromFile(fixturePath('qcow2')) }))
      expect(error).toMatchObject({ name: 'DiskFormatMismatch', declared: diskFormat, detected: 'qcow2' })
      await expectNothing(name)
    })

    test('a file that is a directory, missing, unreadable or empty is refused before anything is made', async () => {
      const empty = path.join(folder, 'empty.raw')
      const closed = path.join(folder, 'closed.raw')
      await writeFile(empty, '')
      await writeFile(closed, 'x')
      await chmod(closed, 0o000)
      const name = scratch.name()
      // Root can read files without read permission.
      const unreadable = process.getuid?.() === 0 ? [] : [closed]
      for (const file of [folder, path.join(folder, 'missing.raw'), empty, ...unreadable]) {
        const error = await failure(demo.images.create({ name, diskFormat: 'raw', data: fromFile(file) }))
        expect(error, file).toMatchObject({ name: expect.stringMatching(/^(SourceError|UsageError)$/) as string })
        expect((error as Error).message).toContain(path.basename(file))
      }
      await expectNothing(name)
    })

    test('a file that shrinks while it is read fails, and nothing is left', async () => {
      const file = path.join(folder, 'shrinking.raw')
      await writeFile(file, randomDisk(20_000_000))
      const name = scratch.name()
      let shrunk: Promise<void> | undefined
      const onProgress = ({ phase }: { phase: string }) => {
        if (phase === 'upload') shrunk ??= truncate(file, 1_000_000)
      }
      const error = await failure(demo.images.create({ name, diskFormat: 'raw', data: fromFile(file), onProgress }))
      await shrunk
      expect(error).toMatchObject({ name: 'SourceError' })
      await expectNothing(name)
    })

    test.each<[string, Record<string, unknown>]>([
      ['a reserved property', { properties: { os_glance_x: '1' } }],
      ['a property called like a field of the server', { properties: { location: 'x' } }],
      ['a key of 256 characters', { properties: { ['k'.repeat(256)]: 'v' } }],
      ['a property that is no string', { properties: { count: 5 } }],
      ['an unknown field', { colour: 'red' }],
      ['a name of 256 characters', { name: 'n'.repeat(256) }],
      ['a tag of 256 characters', { tags: ['t'.repeat(256)] }],
      ['a negative minDisk', { minDisk: -1 }],
    ])('%s is one clear error, and nothing is made', async (_what, fields) => {
      const name = scratch.name()
      const error = await failure(demo.images.create({ name, ...fields }))
      expect(error).toBeInstanceOf(Error)
      expect(error).toMatchObject({
        name: expect.stringMatching(/^(UsageError|BadRequestError|ForbiddenError)$/) as string,
      })
      expect((error as Error).message.length).toBeGreaterThan(10)
      await expectNothing(name)
    })

    test.each([-1, 1.5, Number.NaN])('a limit of %d is refused before it is sent', async (limit) => {
      expect(await failure(demo.images.list({ limit }))).toMatchObject({ name: 'UsageError' })
    })

    test('limit 0 is an empty page or refused, a huge one is what there is', async () => {
      const name = scratch.name()
      await make({ name })
      const zero = await failure(demo.images.list({ name, limit: 0 }))
      expect(
        zero instanceof Error || (zero as { didNotFail: { items: unknown[] } }).didNotFail.items.length === 0,
      ).toBe(true)
      expect((await demo.images.list({ name, limit: 10 ** 9 })).items).toHaveLength(1)
    })

    test('the marker of a deleted image is a clear error, not a short list', async () => {
      const { id } = await make({ name: scratch.name() })
      await demo.images.delete(id)
      const error = await failure(demo.images.list({ marker: id }))
      expect(error).toMatchObject({ name: expect.stringMatching(/^(ListInterruptedError|BadRequestError)$/) as string })
    })

    test.each([
      ['a wrong password', { password: 'wrong' }, {}, 'UnauthorizedError'],
      ['an unknown project', { projectName: 'no-such-project' }, {}, 'UnauthorizedError'],
    ])('%s is an UnauthorizedError without the password', async (_what, wrong, more, name) => {
      const error = await failure(open({ ...scratch.demo, ...wrong }, more))
      expect(error).toMatchObject({ name, status: 401 })
      expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain(scratch.demo.password)
    })

    test('a region that the catalogue does not have is named with those it has', async () => {
      const use = async () => {
        const cloud = await open(scratch.demo, { region: 'Nowhere' })
        try {
          return await cloud.images.list()
        } finally {
          await cloud.close()
        }
      }
      const error = await failure(use())
      expect(error).toBeInstanceOf(Error)
      expect((error as Error).message).toContain('Nowhere')
      expect(`${(error as Error).message} ${(error as { hint?: string }).hint ?? ''}`).toContain('RegionOne')
    })

    test('a download over a file that is there, or into a folder that is not, is refused', async () => {
      const image = await make({ name: scratch.name(), diskFormat: 'raw', data: Buffer.from('data') })
      const there = path.join(folder, 'there.raw')
      await writeFile(there, 'mine')
      for (const to of [there, folder, path.join(folder, 'missing', 'x.raw')]) {
        expect(await failure(demo.images.download(image, { to })), to).toMatchObject({ name: 'TargetError' })
      }
      expect(await readFile(there, 'utf8')).toBe('mine')
      expect((await readdir(folder)).filter((each) => each.endsWith('.part'))).toEqual([])
    })

    test('an image without data, and a deactivated one, have no download', async () => {
      const queued = await make({ name: scratch.name() })
      expect(await failure(demo.images.download(queued))).toMatchObject({ name: 'ImageStatusError', status: 'queued' })
      const image = await make({ name: scratch.name(), diskFormat: 'raw', data: Buffer.from('data') })
      await demo.images.deactivate(image)
      expect(await failure(demo.images.download(image.id))).toMatchObject({
        name: 'ImageStatusError',
        status: 'deactivated',
      })
    })

    test('a second upload to the same image is refused, and the first stays', async () => {
      const image = await make({ name: scratch.name(), diskFormat: 'raw', data: Buffer.from('first') })
      expect(await failure(demo.images.upload(image, Buffer.from('second')))).toMatchObject({
        name: 'ImageStatusError',
      })
      expect((await demo.images.get(image.id)).size).toBe(5)
    })
  })
}
