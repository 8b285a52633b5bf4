import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { runBundle } from '../testing/bundle.js'
import { makeHome } from '../testing/home.js'

async function server(listener: RequestListener): Promise<{ url: string; asked: Promise<void> } & AsyncDisposable> {
  let onAsked = () => {}
  const asked = new Promise<void>((resolve) => {
    onAsked = resolve
  })
  const started = createServer((request, response) => {
    onAsked()
    listener(request, response)
  })
  await new Promise<void>((resolve) => {
    started.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(started.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      started.closeAllConnections()
      await new Promise((resolve) => {
        started.close(resolve)
      })
    },
  }
}

const trickle: RequestListener = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'x-subject-token': 'x' }).write('[')
  const timer = setInterval(() => response.write(' '), 50)
  response.on('close', () => clearInterval(timer))
}

const login = (url: string) => ({
  OS_AUTH_URL: `${url}/v3`,
  OS_USERNAME: 'demo',
  OS_PASSWORD: 'secret',
  OS_PROJECT_NAME: 'demo',
  OS_USER_DOMAIN_NAME: 'Default',
  OS_PROJECT_DOMAIN_NAME: 'Default',
})
const noKeystone = (url: string) => ({ OS_AUTH_TYPE: 'none', OS_ENDPOINT: url })

test.each([
  ['signing in', login],
  ['a list', noKeystone],
])('the deadline, the limit for a response and a signal each end %s that trickles', async (_, envOf) => {
  await using hostile = await server(trickle)
  const home = await makeHome()
  const env = envOf(hostile.url)
  expect(await runBundle(home, ['list', '--deadline', '1'], { env })).toMatchObject({ exitCode: 8 })
  expect(await runBundle(home, ['list', '--response-timeout', '1', '--retries', '0'], { env })).toMatchObject({
    exitCode: 10,
    stderr: expect.stringContaining('did not arrive within 1000 ms'),
  })
  await using again = await server(trickle)
  const controller = new AbortController()
  const running = runBundle(home, ['list'], { env: envOf(again.url), signal: controller.signal })
  await again.asked
  controller.abort('SIGINT')
  expect(await running).toMatchObject({ exitCode: 130 })
})

test('a captive portal of nothing but comments is an error in a few words', async () => {
  await using hostile = await server((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!--'.repeat(256 * 1024))
  })
  const home = await makeHome()
  for (const env of [login(hostile.url), noKeystone(hostile.url)]) {
    const { exitCode, stderr } = await runBundle(home, ['list', '--retries', '0'], { env })
    expect(exitCode).toBeGreaterThan(0)
    expect(stderr).toMatch(/^error: /)
    expect(stderr.length).toBeLessThan(2000)
  }
})

test('the deadline also ends the wait for a password', async () => {
  const home = await makeHome()
  const argv = ['list', '--password-stdin', '--deadline', '1']
  expect(await runBundle(home, argv, { env: login('http://127.0.0.1:9'), stdin: new PassThrough() })).toMatchObject({
    exitCode: 8,
  })
})

test('the address of data or of its checksums that redirects for ever is an error', async () => {
  await using hostile = await server((request, response) => {
    response.writeHead(302, { location: `${request.url}x` }).end()
  })
  const home = await makeHome()
  const { exitCode, stderr } = await runBundle(home, ['inspect', `${hostile.url}/u.img`])
  expect(exitCode).toBeGreaterThan(0)
  expect(stderr).toContain('redirects more than 20 times')
})
