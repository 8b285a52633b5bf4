import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { imageFields } from '@tyrax/protocol'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'

/** GET, DELETE and wrong methods on one image; the form of errors. */
export function imagesRecordContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('images: one record', makeTarget, (scratch) => {
    test('an image of another project is 404 to read, change and delete', async () => {
      const { id } = await scratch.image()
      for (const method of ['GET', 'DELETE']) expectStatus(await scratch.alt.image(method, `/v2/images/${id}`), 404)
      expectStatus(await scratch.demo.image('GET', `/v2/images/${id}`), 200)
      expectStatus(await scratch.admin.image('GET', `/v2/images/${id}`), 200)
    })

    test('a public image is readable by all and changed by its owner alone', async () => {
      const { id } = await scratch.image({ visibility: 'public' }, scratch.admin)
      expectStatus(await scratch.alt.image('GET', `/v2/images/${id}`), 200)
      expectStatus(await scratch.alt.image('DELETE', `/v2/images/${id}`), 403)
    })

    test('a community image is readable by whoever knows its id', async () => {
      const { id } = await scratch.image({ visibility: 'community' })
      expectStatus(await scratch.alt.image('GET', `/v2/images/${id}`), 200)
    })

    test('an unknown id is 404, and so is a deleted image, for admins too', async () => {
      expectStatus(await scratch.demo.image('GET', `/v2/images/${randomUUID()}`), 404)
      expectStatus(await scratch.demo.image('GET', '/v2/images/not-a-uuid'), 404)
      const { id } = await scratch.image()
      expectStatus(await scratch.demo.image('DELETE', `/v2/images/${id}`), 204)
      expectStatus(await scratch.demo.image('DELETE', `/v2/images/${id}`), 404)
      expectStatus(await scratch.demo.image('GET', `/v2/images/${id}`), 404)
      expectStatus(await scratch.admin.image('GET', `/v2/images/${id}`), 404)
    })

    test('a protected image is not deleted', async () => {
      const { id } = await scratch.image({ protected: true })
      expectStatus(await scratch.demo.image('DELETE', `/v2/images/${id}`), 403)
      expectStatus(await scratch.demo.image('GET', `/v2/images/${id}`), 200)
    })

    test.each(['HEAD', 'PUT', 'POST'])('%s on an image is 405 and tells what is allowed', async (method) => {
      const { id } = await scratch.image()
      const answer = await scratch.demo.image(method, `/v2/images/${id}`)
      expectStatus(answer, 405)
      expect(answer.headers['allow']?.split(/,\s*/).toSorted()).toEqual(['DELETE', 'GET', 'PATCH'])
    })

    test.each(['HEAD', 'DELETE', 'PUT'])('%s on the list is 405', async (method) => {
      const answer = await scratch.demo.image(method, '/v2/images')
      expectStatus(answer, 405)
      expect(answer.headers['allow']?.split(/,\s*/).toSorted()).toEqual(['GET', 'POST'])
    })

    test('an unknown path is 404', async () => {
      expectStatus(await scratch.demo.image('GET', '/v2/nothing-here'), 404)
    })

    test('a body where none belongs is 400', async () => {
      const { id } = await scratch.image()
      expectStatus(await scratch.demo.image('DELETE', `/v2/images/${id}`, { json: {} }), 400)
    })

    test('an error is JSON, HTML or text as the Accept header asks', async () => {
      const path = `/v2/images/${randomUUID()}`
      const ask = (headers: Record<string, string>) => scratch.demo.image('GET', path, { headers })
      const json = await ask({ accept: 'application/json' })
      expect(json.headers['content-type']).toContain('application/json')
      const body = json.json<{ message: string; code: string; title: string }>()
      expect(body).toMatchObject({ code: '404 Not Found', title: 'Not Found' })
      expect(body.message).toContain('<br />')
      for (const accept of ['*/*', 'text/html']) {
        const html = await ask({ accept })
        expect(html.headers['content-type']).toContain('text/html')
        expect(html.text).toContain('<h1>404 Not Found</h1>')
      }
      const text = await ask({})
      expect(text.headers['content-type']).toContain('text/plain')
      expect(text.text).toMatch(/^404 Not Found\n\n/)
    })

    test('every answer names the request', async () => {
      const answer = await scratch.demo.image('GET', `/v2/images/${randomUUID()}`)
      expect(answer.headers['x-openstack-request-id']).toMatch(/^req-[0-9a-f-]{36}$/)
    })

    test('versions are told without a token', async () => {
      const { demo } = scratch
      const root = await demo.image('GET', '/', { headers: { 'x-auth-token': '' } })
      expectStatus(root, 300)
      const { versions } = root.json<{ versions: { id: string; status: string; links: { href: string }[] }[] }>()
      expect(versions.filter((each) => each.status === 'CURRENT')).toHaveLength(1)
      expect(versions.map((each) => each.id)).toContain('v2.0')
      expect(versions[0]?.links[0]?.href).toMatch(/\/v2\/$/)
      expectStatus(await demo.image('GET', '/versions'), 200)
    })

    test('the schemas of images and members are there', async () => {
      for (const name of ['image', 'images', 'member', 'members']) {
        const answer = await scratch.demo.image('GET', `/v2/schemas/${name}`)
        expectStatus(answer, 200)
        expect(answer.json<{ name: string }>().name).toBe(name)
      }
      const { properties } = (await scratch.demo.image('GET', '/v2/schemas/image')).json<{ properties: object }>()
      for (const field of imageFields.filter((each) => each.always)) expect(properties).toHaveProperty(field.wire)
    })

    test('the import methods are listed', async () => {
      const answer = await scratch.demo.image('GET', '/v2/info/import')
      expectStatus(answer, 200)
      const methods = answer.json<{ 'import-methods': { value: string[]; type: string } }>()['import-methods']
      expect(methods.type).toBe('array')
      expect(methods.value).toContain('web-download')
    })

    test('without a token an image is 401, and the body is no image', async () => {
      const { id } = await scratch.image()
      const answer = await scratch.demo.image('GET', `/v2/images/${id}`, { headers: { 'x-auth-token': '' } })
      expectStatus(answer, 401)
    })
  })
}
