import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
const time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}/g

/** Listings as XML, and how their type is chosen. */
export function objectsListingsXmlContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('listings as XML', makeTarget, (scratch) => {
    const call = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
      scratch.demo.object(method, path, { headers, body })
    const put = (path: string, body: string) => call('PUT', path, { 'content-type': 'text/plain' }, body)
    const account = () => `AUTH_${scratch.demo.projectId}`

    test('an account lists its containers', async () => {
      const name = await scratch.container()
      const answer = await call('GET', `?format=xml&prefix=${name}`)
      expectStatus(answer, 200)
      expect(answer.headers['content-type']).toBe('application/xml; charset=utf-8')
      const fields = ['<count>0</count>', '<bytes>0</bytes>', '<last_modified>TIME</last_modified>']
      const container = `<container><name>${name}</name>${fields.join('')}<storage_policy>Policy-0</storage_policy></container>`
      expect(answer.text.replaceAll(time, 'TIME')).toBe(
        `${declaration}<account name="${account()}">\n${container}\n</account>`,
      )
      const subdirs = await call('GET', `?format=xml&prefix=${name.slice(0, 12)}&delimiter=-`)
      expect(subdirs.text).toContain(`\n<subdir name="${name.slice(0, name.indexOf('-', 12) + 1)}" />\n`)
      const none = await call('GET', `?format=xml&prefix=${scratch.name()}`)
      expectStatus(none, 200)
      expect(none.text).toBe(`${declaration}<account name="${account()}">\n</account>`)
    })

    test('a container lists its objects and what they have in common', async () => {
      const name = await scratch.container()
      expect((await call('GET', `/${name}?format=xml`)).text).toBe(`${declaration}<container name="${name}" />`)
      await put(`/${name}/a%26b`, '12345')
      await put(`/${name}/d%3C/e`, 'x')
      await put(`/${name}/%C3%BC%22`, '')
      const answer = await call('GET', `/${name}?format=xml&delimiter=/`)
      expectStatus(answer, 200)
      const object = (shown: string, data: string) =>
        [
          `<object><name>${shown}</name><hash>${createHash('md5').update(data).digest('hex')}</hash>`,
          `<bytes>${data.length}</bytes><content_type>text/plain</content_type>`,
          '<last_modified>TIME</last_modified></object>',
        ].join('')
      expect(answer.text.replaceAll(time, 'TIME')).toBe(
        [
          `${declaration}<container name="${name}">`,
          object('a&amp;b', '12345'),
          '<subdir name="d&lt;/"><name>d&lt;/</name></subdir>',
          object('ü"', ''),
          '</container>',
        ].join(''),
      )
    })

    test('format comes before Accept, and Accept chooses by preference', async () => {
      const name = await scratch.container()
      await put(`/${name}/o`, 'x')
      const cases = [
        ['', undefined, 'text/plain'],
        ['', '*/*', 'text/plain'],
        ['', 'application/json', 'application/json'],
        ['', 'text/xml', 'text/xml'],
        ['', 'application/xml;q=0.5, application/json;q=0.9', 'application/json'],
        ['', 'image/png, application/*;q=0.1', 'application/json'],
        ['?format=json', 'text/xml', 'application/json'],
        ['?format=XML', 'application/json', 'application/xml'],
        ['?format=plain', 'application/json', 'text/plain'],
        ['?format=other', 'application/json', 'text/plain'],
        ['?format=json', 'image/png', 'application/json'],
      ] as const
      for (const [query, accept, type] of cases) {
        const headers = accept === undefined ? {} : { accept }
        const found = await call('GET', `/${name}${query}`, headers)
        expect([query, accept, found.status, found.headers['content-type']]).toEqual([
          query,
          accept,
          200,
          `${type}; charset=utf-8`,
        ])
        expect(found.headers['vary']).toBe(query === '' ? 'Accept' : undefined)
        const head = await call('HEAD', `/${name}${query}`, headers)
        expect([head.status, head.headers['content-type']]).toEqual([204, `${type}; charset=utf-8`])
      }
    })

    test('an Accept that nothing fits is 406, one that is none 400', async () => {
      const name = await scratch.container()
      for (const path of ['', `/${name}`]) {
        const refused = await call('GET', path, { accept: 'image/png' })
        expect([refused.status, refused.text]).toEqual([
          406,
          '<html><h1>Not Acceptable</h1><p>The resource is not available in a format acceptable to your browser.</p></html>',
        ])
        expectStatus(await call('HEAD', path, { accept: 'image/png' }), 406)
        const malformed = await call('GET', path, { accept: 'nonsense' })
        expect([malformed.status, malformed.text]).toEqual([400, 'Invalid Accept header'])
      }
    })
  })
}
