import { createHash, randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { WireImage } from '@tyrax/protocol'
import { randomDisk } from '@tyrax/testkit'
import { contractSuite, expectStatus, putData } from '../scratch.js'
import type { Account, ContractTarget } from '../target.js'

const digest = (algorithm: string, data: Uint8Array) => createHash(algorithm).update(data).digest('hex')

/** /v2/images/{id}/file: upload and download; deactivate and reactivate. */
export function dataContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('data', makeTarget, (scratch) => {
    const raw = { disk_format: 'raw', container_format: 'bare' }
    const read = async (id: string) => (await scratch.demo.image('GET', `/v2/images/${id}`)).json<WireImage>()
    const get = (id: string, headers = {}, account: Account = scratch.demo) =>
      account.image('GET', `/v2/images/${id}/file`, { headers })

    test('stored data makes the image active, with its size and hashes', async () => {
      const data = randomDisk(100_000)
      const { id } = await scratch.image(raw)
      const sent = await putData(scratch.demo, id, data)
      expectStatus(sent, 204)
      expect(sent.text).toBe('')
      expect(await read(id)).toMatchObject({
        status: 'active',
        size: data.length,
        checksum: digest('md5', data),
        os_hash_algo: 'sha512',
        os_hash_value: digest('sha512', data),
      })
    })

    test('data comes back byte for byte with the MD5 of the whole', async () => {
      const data = randomDisk(300_000)
      const { id } = await scratch.activeImage(data)
      const answer = await get(id)
      expectStatus(answer, 200)
      expect(answer.bytes.equals(data)).toBe(true)
      expect(answer.headers['content-type']).toContain('application/octet-stream')
      expect(answer.headers['content-length']).toBe(String(data.length))
      expect(answer.headers['content-md5']).toBe(digest('md5', data))
    })

    test('data may come in chunks of no declared length', async () => {
      const chunks = Array.from({ length: 20 }, () => randomDisk(5_000))
      const { id } = await scratch.image(raw)
      expectStatus(await putData(scratch.demo, id, chunks), 204)
      expect(await read(id)).toMatchObject({ status: 'active', checksum: digest('md5', Buffer.concat(chunks)) })
    })

    test('no data at all is an image of 0 bytes', async () => {
      const { id } = await scratch.image(raw)
      expectStatus(await putData(scratch.demo, id, ''), 204)
      expect(await read(id)).toMatchObject({ status: 'active', size: 0, checksum: digest('md5', Buffer.alloc(0)) })
    })

    test('data is stored once: the second time is 409', async () => {
      const { id, checksum } = await scratch.activeImage(Buffer.from('first'))
      expectStatus(await putData(scratch.demo, id, 'second'), 409)
      expect(await read(id)).toMatchObject({ status: 'active', checksum })
    })

    test('another content type is 415', async () => {
      const { id } = await scratch.image(raw)
      expectStatus(await putData(scratch.demo, id, 'x', { 'content-type': 'application/json' }), 415)
      expect((await read(id)).status).toBe('queued')
    })

    test('data before the formats are set is 400', async () => {
      const { id } = await scratch.image()
      expectStatus(await putData(scratch.demo, id, 'x'), 400)
      expect((await read(id)).status).toBe('queued')
    })

    test.each([
      ['qcow2', 'raw-with-table'],
      ['vhd', 'qcow2'],
      ['iso', 'qcow2'],
    ] as const)('data that is not the declared %s is 415, and the image is not active', async (disk_format, name) => {
      const { id } = await scratch.image({ disk_format, container_format: 'bare' })
      const data = name === 'qcow2' ? qcow2Header() : randomDisk(70_000)
      expectStatus(await putData(scratch.demo, id, data), 415)
      expect(await read(id)).toMatchObject({ status: 'queued', size: null })
    })

    test('a qcow2 with a backing file is refused as unsafe', async () => {
      const { id } = await scratch.image({ disk_format: 'qcow2', container_format: 'bare' })
      const data = qcow2Header()
      data.writeBigUInt64BE(1024n, 8)
      data.writeUInt32BE(8, 16)
      expectStatus(await putData(scratch.demo, id, data), 415)
    })

    test('a qcow2 tells its virtual size', async () => {
      const { id } = await scratch.image({ disk_format: 'qcow2', container_format: 'bare' })
      expectStatus(await putData(scratch.demo, id, qcow2Header()), 204)
      expect(await read(id)).toMatchObject({ status: 'active', virtual_size: 1_048_576 })
    })

    test('raw takes anything', async () => {
      const { id } = await scratch.image(raw)
      expectStatus(await putData(scratch.demo, id, qcow2Header()), 204)
      expect((await read(id)).status).toBe('active')
    })

    test('a declared image size that differs from the data is 400 and leaves the image queued', async () => {
      for (const size of ['4', '6']) {
        const { id } = await scratch.image(raw)
        expectStatus(await putData(scratch.demo, id, '12345', { 'x-openstack-image-size': size }), 400)
        expect(await read(id)).toMatchObject({ status: 'queued', size: null })
      }
      const { id } = await scratch.image(raw)
      expectStatus(await putData(scratch.demo, id, '12345', { 'x-openstack-image-size': 'five' }), 400)
      expectStatus(await putData(scratch.demo, id, '12345', { 'x-openstack-image-size': '5' }), 204)
    })

    test("data of an unknown image or another project's is 404", async () => {
      expectStatus(await putData(scratch.demo, randomUUID(), 'x'), 404)
      const { id } = await scratch.image(raw)
      expectStatus(await putData(scratch.alt, id, 'x'), 404)
      expectStatus(await get(id, {}, scratch.alt), 404)
    })

    test('an image without data answers 204', async () => {
      const { id } = await scratch.image(raw)
      const answer = await get(id)
      expectStatus(answer, 204)
      expect(answer.text).toBe('')
    })

    test.each([
      ['bytes=0-9', 0, 10],
      ['bytes=10-', 10, 1000],
      ['bytes=-10', 990, 1000],
      ['bytes=990-5000', 990, 1000],
      ['bytes=0-', 0, 1000],
      ['bytes=-5000', 0, 1000],
      ['bytes=999-999', 999, 1000],
    ])('the range %s is answered in part', async (range, from, to) => {
      const data = randomDisk(1000)
      const { id } = await scratch.activeImage(data)
      const answer = await get(id, { range })
      expectStatus(answer, 206)
      expect(answer.bytes.equals(data.subarray(from, to))).toBe(true)
      expect(answer.headers['content-range']).toBe(`bytes ${from}-${to - 1}/1000`)
      expect(answer.headers['content-length']).toBe(String(to - from))
      expect(answer.headers['content-md5']).toBe(digest('md5', data))
    })

    test('a range past the end or malformed is 416, several are 400', async () => {
      const { id } = await scratch.activeImage(Buffer.alloc(1000))
      for (const range of ['bytes=1000-', 'bytes=5000-6000', 'bytes=x-y', 'bytes=9-3']) {
        expectStatus(await get(id, { range }), 416)
      }
      expectStatus(await get(id, { range: 'bytes=0-1,5-6' }), 400)
    })

    test('any range of an image of 0 bytes is 416', async () => {
      const { id } = await scratch.activeImage(Buffer.alloc(0))
      expectStatus(await get(id, { range: 'bytes=0-' }), 416)
    })

    test('a wrong method on data is 405', async () => {
      const { id } = await scratch.activeImage()
      for (const method of ['HEAD', 'POST', 'DELETE']) {
        const answer = await scratch.demo.image(method, `/v2/images/${id}/file`)
        expectStatus(answer, 405)
        expect(answer.headers['allow']?.split(/,\s*/).toSorted()).toEqual(['GET', 'PUT'])
      }
    })

    test('a deactivated image keeps its record and refuses its data until it is reactivated', async () => {
      const { demo, admin } = scratch
      const { id } = await scratch.activeImage(Buffer.from('kept'))
      const act = (action: string, account = admin) => account.image('POST', `/v2/images/${id}/actions/${action}`)
      expectStatus(await act('deactivate'), 204)
      expectStatus(await act('deactivate'), 204)
      expect((await read(id)).status).toBe('deactivated')
      expectStatus(await get(id), 403)
      expectStatus(await get(id, {}, admin), 200)
      expectStatus(await act('reactivate'), 204)
      expectStatus(await act('reactivate'), 204)
      expect((await get(id, {}, demo)).text).toBe('kept')
    })

    test('a queued image is neither deactivated nor reactivated', async () => {
      const { id } = await scratch.image(raw)
      expectStatus(await scratch.admin.image('POST', `/v2/images/${id}/actions/deactivate`), 403)
      expectStatus(await scratch.admin.image('POST', `/v2/images/${id}/actions/reactivate`), 403)
      expectStatus(await scratch.admin.image('POST', `/v2/images/${randomUUID()}/actions/deactivate`), 404)
    })

    test('who owns an image deactivates it too', async () => {
      const { id } = await scratch.activeImage()
      expectStatus(await scratch.demo.image('POST', `/v2/images/${id}/actions/deactivate`), 204)
      expectStatus(await scratch.alt.image('POST', `/v2/images/${id}/actions/reactivate`), 404)
    })

    test('an upload cut off leaves the image queued, and its data can be sent again', async () => {
      const { id } = await scratch.image(raw)
      const cut = (async function* () {
        yield Buffer.alloc(1000)
        await Promise.resolve()
        throw new Error('cut')
      })()
      await expect(putData(scratch.demo, id, cut, { 'content-length': '5000' })).rejects.toThrow('socket hang up')
      await expect.poll(async () => (await read(id)).status).toBe('queued')
      expectStatus(await putData(scratch.demo, id, '12345'), 204)
      expect(await read(id)).toMatchObject({ status: 'active', size: 5 })
    })

    test('deleting an image removes its data', async () => {
      const { id } = await scratch.activeImage()
      expectStatus(await scratch.demo.image('DELETE', `/v2/images/${id}`), 204)
      expectStatus(await get(id), 404)
    })
  })
}

/** The smallest qcow2 that an inspector recognises: version 2, 1 MiB virtual, 64 KiB clusters. */
function qcow2Header(): Buffer {
  const header = Buffer.alloc(70_000)
  header.write('QFI\xfb', 0, 'latin1')
  header.writeUInt32BE(2, 4)
  header.writeUInt32BE(16, 20)
  header.writeBigUInt64BE(1_048_576n, 24)
  header.writeUInt32BE(1, 36)
  return header
}
