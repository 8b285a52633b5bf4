import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { startFaultServer } from '@tyrax/testkit'
import { oneCloud } from '../testing/one-cloud.js'

interface Report {
  readonly version: number
  readonly ok: boolean
  readonly checks: readonly { check: string; status: string; detail: string; hint: string | null }[]
}

const { cloud, home, tyrax } = await oneCloud()

beforeAll(async () => {
  await writeFile(path.join(home, 'data'), 'data')
})

const doctor = async (env: Readonly<Record<string, string>> = {}, ...argv: string[]) => {
  const ran = await tyrax(['doctor', '-f', 'json', '--retries', '0', ...argv], { env })
  const report = JSON.parse(ran.stdout) as Report
  const of = (check: string) => report.checks.filter((each) => each.check === check)
  return { ...ran, report, of }
}

test('a cloud in order passes every check, and the report has no secrets', async () => {
  await tyrax(['create', 'u', '--file', 'data', '--disk-format', 'raw'])
  const { exitCode, report, of, stdout } = await doctor({}, '--speed', '64k')
  expect(report.checks.filter(({ status }) => status === 'fail' || status === 'skipped')).toEqual([])
  expect({ exitCode, version: report.version, ok: report.ok }).toEqual({ exitCode: 0, version: 1, ok: true })
  expect(of('configuration')[0]?.detail).toContain(`the cloud demo of ${path.join(home, 'clouds.yaml')}`)
  expect(of('proxy')[0]?.detail).toContain('directly: no proxy is set')
  expect(of('token')[0]?.detail).toMatch(/^demo in demo, roles .*; valid for \d+ min/)
  expect(of('versions')[0]?.detail).toMatch(/^v2\.\d+ is current; /)
  expect(of('import methods')[0]?.detail).toContain('web-download')
  expect(of('image service').map(({ status }) => status)).toEqual(['ok', 'ok'])
  expect(of('ranges')[0]).toMatchObject({ status: 'ok' })
  expect(of('speed').map(({ detail }) => detail)).toEqual([
    expect.stringMatching(/^upload [\d.]+ MiB\/s$/),
    expect.stringMatching(/^download [\d.]+ MiB\/s$/),
  ])
  expect((await tyrax(['list', '-f', 'value', '-c', 'name'])).stdout).toBe('u\n')
  expect(stdout).not.toContain('secret')
})

test('people get a table', async () => {
  const { stdout, exitCode } = await tyrax(['doctor'])
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/\| Check +\| Status +\| Detail/)
  expect(stdout).toMatch(/\| sign-in +\| ok/)
})

test.each([
  ['a wrong password', { OS_AUTH_URL: 'AUTH', OS_PASSWORD: 'wrong' }, /^401: /],
  [
    'a port without a service',
    { OS_AUTH_URL: 'http://127.0.0.1:1/v3', OS_PASSWORD: 'x' },
    /^the connection was refused: /,
  ],
  [
    'an unknown host',
    { OS_AUTH_URL: 'http://nosuch.invalid/v3', OS_PASSWORD: 'x' },
    /^the host name is not known \(DNS\): /,
  ],
  ['https where there is http', { OS_AUTH_URL: 'TLS', OS_PASSWORD: 'x' }, /^no trusted connection \(TLS\): /],
])('%s is told apart, and what can be checked still is', async (_what, { OS_AUTH_URL, ...given }, detail) => {
  const url = OS_AUTH_URL.replace('AUTH', cloud.authUrl).replace('TLS', cloud.authUrl.replace('http:', 'https:'))
  const { exitCode, of, report } = await doctor({
    ...given,
    OS_CLOUD: '',
    OS_AUTH_URL: url,
    OS_USERNAME: 'demo',
    OS_PROJECT_NAME: 'demo',
  })
  expect({ exitCode, ok: report.ok }).toEqual({ exitCode: 1, ok: false })
  expect(of('sign-in')).toMatchObject([{ status: 'fail', detail: expect.stringMatching(detail) }])
  expect(of('configuration')).toMatchObject([{ status: 'ok' }])
  expect(of('cloud')).toMatchObject([{ status: 'skipped' }])
})

test('a configuration that is incomplete is a finding', async () => {
  const { exitCode, of } = await doctor({ OS_CLOUD: 'nosuch' })
  expect(exitCode).toBe(1)
  expect(of('configuration')).toMatchObject([{ status: 'fail', detail: expect.stringContaining('nosuch') }])
  expect(of('program')).toMatchObject([{ status: 'ok' }])
})

test('an image that is deleted meanwhile is not taken for a store without ranges', async () => {
  await tyrax(['create', 'second', '--file', 'data', '--disk-format', 'raw'])
  const gone = (nth?: number) =>
    startFaultServer({
      upstream: cloud.imageUrl,
      plan: [{ match: { path: '/file$', nth }, fault: { type: 'status', status: 404, body: 'gone' } }],
    })
  await using first = await gone(1)
  expect((await doctor({ OS_IMAGE_ENDPOINT_OVERRIDE: first.url })).of('ranges')).toMatchObject([{ status: 'ok' }])
  await using all = await gone()
  const { exitCode, of } = await doctor({ OS_IMAGE_ENDPOINT_OVERRIDE: all.url })
  expect(of('ranges')).toMatchObject([{ status: 'skipped' }])
  expect(exitCode).toBe(0)
})

test('a clock that is wrong and a check that breaks do not stop the others', async () => {
  const front = await startFaultServer({
    upstream: cloud.imageUrl,
    plan: [
      { match: { path: '/info/import' }, fault: { type: 'status', status: 500, body: 'broken' } },
      {
        match: { path: 'limit=1' },
        fault: { type: 'headers', headers: { date: new Date(Date.now() - 120_000).toUTCString() } },
      },
    ],
  })
  const { exitCode, of } = await doctor({ OS_IMAGE_ENDPOINT_OVERRIDE: front.url })
  await front.close()
  expect(exitCode).toBe(1)
  expect(of('import methods')).toMatchObject([{ status: 'fail', detail: expect.stringContaining('500') }])
  expect(of('image service')).toMatchObject([
    { status: 'ok' },
    {
      status: 'warn',
      detail: expect.stringMatching(/clock is 1[12]\d s ahead of the server's/),
      hint: expect.stringContaining('NTP'),
    },
  ])
  expect(of('stores')).toMatchObject([{ status: 'ok' }])
})
