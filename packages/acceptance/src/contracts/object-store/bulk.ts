import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'
import { paxHeader, tarOf } from './tar.js'

interface Report {
  'Response Status': string
  'Response Body': string
  'Number Deleted'?: number
  'Number Not Found'?: number
  'Number Files Created'?: number
  Errors: [string, string][]
}

const json = { accept: 'application/json' }
const plain = { 'content-type': 'text/plain' }

/** Many objects in one request. */
export function objectsBulkContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('bulk requests', makeTarget, (scratch) => {
    const call = (method: string, path: string, headers: Record<string, string> = {}, body?: string | Uint8Array) =>
      scratch.demo.object(method, path, { headers, body })
    /** A container with these objects. */
    const filled = async (...objects: readonly string[]) => {
      const name = await scratch.container()
      for (const object of objects)
        expectStatus(await call('PUT', `/${name}/${encodeURIComponent(object)}`, {}, 'x'), 201)
      return name
    }
    const listed = async (name: string) => (await call('GET', `/${name}`)).text.split('\n').filter(Boolean)
    const remove = async (lines: string, headers: Record<string, string> = {}, method = 'POST') => {
      const answer = await call(method, '?bulk-delete', { ...json, ...plain, ...headers }, lines)
      expectStatus(answer, 200)
      expect(answer.headers['content-type']).toContain('application/json')
      return answer.json<Report & Record<string, unknown>>()
    }
    const extract = async (path: string, archive: Uint8Array, headers: Record<string, string> = {}, format = 'tar') => {
      const answer = await call('PUT', `${path}?extract-archive=${format}`, { ...json, ...headers }, archive)
      expectStatus(answer, 200)
      return answer.json<Report & Record<string, unknown>>()
    }
    const anonymous = { 'x-auth-token': '' }

    test('objects are deleted by their names, a line each, encoded or not', async () => {
      const name = await filled('a', 'b c', 'ü', 'd/e', 'kept')
      const lines = [`${name}/a`, `/${name}/b%20c`, `  ${name}/%C3%BC  `, '', `${name}/d/e`, `${name}/none`]
      for (const method of ['POST', 'DELETE']) {
        const first = method === 'POST'
        expect(await remove(lines.join('\n'), {}, method)).toEqual({
          'Response Status': '200 OK',
          'Response Body': '',
          'Number Deleted': first ? 4 : 0,
          'Number Not Found': first ? 1 : 5,
          Errors: [],
        })
      }
      expect(await listed(name)).toEqual(['kept'])
    })

    test('containers are deleted after the objects, and only when they are empty', async () => {
      const [one, two] = [await filled('a', 'b'), await filled('a')]
      const report = await remove(`${one}\n${two}\n${one}/a\n${one}/b\n${scratch.name()}\n`)
      expect(report).toMatchObject({
        'Response Status': '400 Bad Request',
        'Number Deleted': 3,
        'Number Not Found': 1,
        Errors: [[two, '409 Conflict']],
      })
      expectStatus(await call('HEAD', `/${one}`), 404)
    })

    test('the report comes as text, JSON or XML', async () => {
      const name = await filled('a<b')
      const body = `${name}/none\n${name}`
      const facts = ['Number Deleted: 0', 'Number Not Found: 1', 'Response Body: ', 'Response Status: 400 Bad Request']
      const text = await call('POST', '?bulk-delete', plain, body)
      expect(text.headers['content-type']).toContain('text/plain')
      expect(text.text).toBe([...facts, 'Errors:', `${name}, 409 Conflict`, ''].join('\n'))
      for (const type of ['application/xml', 'text/xml']) {
        const xml = await call('POST', '?bulk-delete', { ...plain, accept: type }, body)
        expect(xml.headers['content-type']).toContain(type)
        expect(xml.text).toBe(
          [
            '<delete>',
            '<number_deleted>0</number_deleted>',
            '<number_not_found>1</number_not_found>',
            '<response_body></response_body>',
            '<response_status>400 Bad Request</response_status>',
            '<errors>',
            `<object><name>${name}</name><status>409 Conflict</status></object>`,
            '</errors>',
            '</delete>',
            '',
          ].join('\n'),
        )
      }
      const none = await call('POST', '?bulk-delete', { ...plain, accept: 'image/png' }, body)
      expectStatus(none, 200)
      expect(none.text).toContain('Response Status: 406 Not Acceptable\n')
      const preferred = await call('POST', '?bulk-delete', { ...plain, accept: 'text/*;q=0.5, application/json' }, body)
      expect(preferred.headers['content-type']).toContain('application/json')
    })

    test('what is not a list of names deletes nothing', async () => {
      const name = await filled('a')
      expect(await remove('')).toMatchObject({
        'Response Status': '400 Bad Request',
        'Response Body': 'Invalid bulk delete.',
      })
      expect(await remove(`${name}/a`, { 'content-type': 'application/json' })).toMatchObject({
        'Response Status': '406 Not Acceptable',
      })
      const names = Array.from({ length: 10_001 }, (_, index) => `${name}/${index}`)
      expect(await remove(names.join('\n'))).toMatchObject({
        'Response Status': '413 Request Entity Too Large',
        'Response Body': 'Maximum Bulk Deletes: 10000 per request',
      })
      expect(await remove('x'.repeat(20_000))).toMatchObject({
        'Response Status': '400 Bad Request',
        'Response Body': 'Invalid File Name',
      })
      expect(await remove(`${name}/%ff\n${name}/%00\n`)).toMatchObject({
        'Response Status': '400 Bad Request',
        Errors: [
          [`${name}/%FF`, '412 Precondition Failed'],
          [`${name}/%00`, '412 Precondition Failed'],
        ],
      })
      expect(await listed(name)).toEqual(['a'])
    })

    test('each object is deleted with the rights of the request', async () => {
      const [open, closed] = [await filled('a'), await filled('a')]
      expectStatus(await call('POST', `/${open}`, { 'x-container-write': `${scratch.alt.projectId}:*` }), 204)
      const lines = `${open}/a\n${closed}/a\n`
      expect(new Map((await remove(lines, anonymous)).Errors)).toEqual(
        new Map([`${open}/a`, `${closed}/a`].map((path) => [path, '401 Unauthorized'])),
      )
      expect(await remove(lines, { 'x-auth-token': scratch.alt.token })).toMatchObject({
        'Response Status': '400 Bad Request',
        'Number Deleted': 1,
        Errors: [[`${closed}/a`, '403 Forbidden']],
      })
    })

    test.each(['tar', 'tar.gz'])('the files of an archive are stored: %s', async (format) => {
      const [one, two] = [scratch.name(), scratch.name()]
      for (const name of [one, two])
        scratch.later(async () => {
          for (const each of await listed(name)) await call('DELETE', `/${name}/${encodeURIComponent(each)}`)
          await call('DELETE', `/${name}`)
        })
      const archive = tarOf(
        { name: `${one}/`, type: '5' },
        { name: `./${one}/a.txt`, data: 'first' },
        { name: `${one}/deep/b`, data: 'x'.repeat(1000) },
        { name: `/${two}/ü`, data: '' },
        { name: 'top', data: 'ignored' },
        { name: `${one}/link`, type: '2' },
      )
      const sent = format === 'tar' ? archive : gzipSync(archive)
      expect(await extract('', sent, { 'x-object-meta-color': 'red', 'x-delete-after': '1000' }, format)).toEqual({
        'Response Status': '201 Created',
        'Response Body': '',
        'Number Files Created': 3,
        Errors: [],
      })
      expect([await listed(one), await listed(two)]).toEqual([['a.txt', 'deep/b'], ['ü']])
      const { text, headers } = await call('GET', `/${one}/a.txt`)
      expect([text, headers['x-object-meta-color'], headers['content-type']]).toEqual(['first', 'red', 'text/plain'])
      expect(headers['x-delete-at']).toMatch(/^\d+$/)
      expect((await call('GET', `/${one}/deep/b`)).text).toBe('x'.repeat(1000))
    })

    test('below a container and the beginning of names, long names and types included', async () => {
      const name = await scratch.container()
      const long = `${'long/'.repeat(40)}name`
      const archive = tarOf(
        { name: 'a', data: '1' },
        paxHeader({
          path: long,
          'SCHILY.xattr.user.mime_type': 'text/x-own',
          'SCHILY.xattr.user.meta.Color': 'grün',
        }),
        { name: 'cut', data: '2' },
        { name: '././@LongLink', data: `gnu/${long}\0`, type: 'L' },
        { name: 'cut', data: '3' },
      )
      expect(await extract(`/${name}/base/`, archive)).toMatchObject({ 'Number Files Created': 3, Errors: [] })
      expect(await listed(name)).toEqual(['base/a', `base/gnu/${long}`, `base/${long}`])
      const { headers } = await call('HEAD', `/${name}/base/${long}`)
      expect(headers['content-type']).toContain('text/x-own')
      expect(Buffer.from(headers['x-object-meta-color'] ?? '', 'latin1').toString()).toBe('grün')
      expect(await extract(`/${name}`, tarOf({ name: 'top', data: '1' }))).toMatchObject({ 'Number Files Created': 1 })
      expect(await listed(name)).toContain('top')
    })

    test('names stay names, even those that look like something else', async () => {
      const name = await scratch.container()
      const names = ['../../etc/passwd', './x', '//y', 'a/../b', '%2e%2e']
      expect(await extract(`/${name}`, tarOf(...names.map((each) => ({ name: each, data: each }))))).toMatchObject({
        'Number Files Created': 5,
      })
      expect(await listed(name)).toEqual(['%2e%2e', '../../etc/passwd', 'a/../b', 'x', 'y'])
    })

    test.each([
      ['nothing', Buffer.alloc(0), 'empty file', 0],
      ['less than a header', Buffer.alloc(300), 'truncated header', 0],
      ['no header', Buffer.alloc(1000, 'abc'), 'invalid header', 0],
      ['a wrong checksum', Buffer.concat([Buffer.from('x'), tarOf({ name: 'a' }).subarray(1)]), 'bad checksum', 0],
      ['no files', tarOf(), 'No Valid Files', 0],
      [
        'an end within a file',
        tarOf({ name: 'a', data: '1' }, { name: 'b' }).subarray(0, 700),
        'unexpected end of data',
        1,
      ],
    ])('an archive of %s is reported', async (_, archive, text, created) => {
      const name = await scratch.container()
      expect(await extract(`/${name}`, archive)).toEqual({
        'Response Status': '400 Bad Request',
        'Response Body': `Invalid Tar File: ${text}`,
        'Number Files Created': created,
        Errors: [],
      })
    })

    test('what is not gzip is reported, and other formats are 400', async () => {
      const name = await scratch.container()
      expect(await extract(`/${name}`, tarOf({ name: 'a' }), {}, 'tar.gz')).toMatchObject({
        'Response Status': '400 Bad Request',
        'Response Body': 'Invalid Tar File: not a gzip file',
      })
      const answer = await call('PUT', `/${name}?extract-archive=zip`, {}, 'x')
      expect([answer.status, answer.text]).toEqual([400, 'Unsupported archive format'])
    })

    test('files that are refused are reported, and the others stored', async () => {
      const name = await scratch.container()
      const archive = tarOf({ name: Buffer.from([0x61, 0xff]), data: '1' }, { name: 'good', data: '2' })
      expect(await extract(`/${name}`, archive)).toEqual({
        'Response Status': '400 Bad Request',
        'Response Body': '',
        'Number Files Created': 1,
        Errors: [[`${name}/a%FF`, '412 Precondition Failed']],
      })
      const long = 'l'.repeat(257)
      const other = tarOf(paxHeader({ path: `${long}/o` }), { name: 'x', data: '1' })
      const report = await extract('', other)
      expect(report['Number Files Created']).toBe(0)
      expect(report.Errors.map(([, status]) => status)).toContain('400 Bad Request')
    })

    test('the files are stored with the rights of the request', async () => {
      const [open, closed] = [await scratch.container(), await scratch.container()]
      expectStatus(await call('POST', `/${open}`, { 'x-container-write': `${scratch.alt.projectId}:*` }), 204)
      const archive = tarOf({ name: `${open}/a`, data: '1' }, { name: `${closed}/a`, data: '2' })
      expect(await extract('', archive, anonymous)).toMatchObject({
        'Response Status': '401 Unauthorized',
        'Number Files Created': 0,
      })
      expect(await extract('', archive, { 'x-auth-token': scratch.alt.token })).toMatchObject({
        'Response Status': '400 Bad Request',
        'Number Files Created': 1,
      })
      expect([await listed(open), await listed(closed)]).toEqual([['a'], []])
    })
  })
}
