import { expect, test } from 'vitest'
import { octetStream } from '@tyrax/protocol'
import { contractSuite, expectStatus, putData } from '../scratch.js'
import type { ContractTarget } from '../target.js'
import { formats, importScratch, messageOf } from './import-scratch.js'

/** /v2/images/{id}/stage: bytes that wait for an import. */
export function stageContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('staging', makeTarget, (scratch) => {
    const imports = importScratch(scratch)
    const { stage, read } = imports

    test('staged bytes make the image uploading, with its size and without hashes or data', async () => {
      const { id } = await scratch.image(formats)
      const staged = await stage(id, 'staged')
      expectStatus(staged, 204)
      expect(staged.text).toBe('')
      expect(await read(id)).toMatchObject({ status: 'uploading', size: 6, checksum: null, os_hash_value: null })
      expectStatus(await scratch.demo.image('GET', `/v2/images/${id}/file`), 204)
    })

    test('the bytes may come in chunks, and formats may be missing', async () => {
      const { id } = await scratch.image()
      const chunks = [Buffer.from('one'), Buffer.from('two')]
      const sent = await scratch.demo.image('PUT', `/v2/images/${id}/stage`, {
        body: chunks,
        headers: { 'content-type': octetStream },
      })
      expectStatus(sent, 204)
      expect(await read(id)).toMatchObject({ status: 'uploading', size: 6 })
    })

    test('a second time, and an upload, are 409', async () => {
      const { id } = await scratch.image(formats)
      expectStatus(await stage(id, 'x'), 204)
      const again = await stage(id, 'x')
      expectStatus(again, 409)
      expect(messageOf(again)).toContain('Image status transition from uploading to uploading is not allowed')
      const upload = await putData(scratch.demo, id, 'x', { accept: 'application/json' })
      expectStatus(upload, 409)
      expect(messageOf(upload)).toContain('Image status transition from uploading to saving is not allowed')
    })

    test('an active image is 409', async () => {
      const { id } = await scratch.activeImage()
      expectStatus(await stage(id, 'x'), 409)
    })

    test('another content type is 415, and the image stays queued', async () => {
      const { id } = await scratch.image(formats)
      const headers = { 'content-type': 'application/json' }
      expectStatus(await scratch.demo.image('PUT', `/v2/images/${id}/stage`, { body: 'x', headers }), 415)
      expect(await read(id)).toMatchObject({ status: 'queued' })
    })

    test('a reader is 403, another project 404, another method 405', async () => {
      const { id } = await scratch.image(formats)
      const reader = await stage(id, 'x', scratch.target.reader)
      expectStatus(reader, 403)
      expect(messageOf(reader)).toContain('modify_image action.')
      expectStatus(await stage(id, 'x', scratch.alt), 404)
      const wrong = await scratch.demo.image('GET', `/v2/images/${id}/stage`)
      expectStatus(wrong, 405)
      expect(wrong.headers['allow']).toBe('PUT')
    })

    test('an image with staged bytes can be deleted', async () => {
      const { id } = await scratch.image(formats)
      expectStatus(await stage(id, 'x'), 204)
      expectStatus(await scratch.demo.image('DELETE', `/v2/images/${id}`), 204)
      expectStatus(await scratch.demo.image('GET', `/v2/images/${id}`), 404)
    })
  })
}
