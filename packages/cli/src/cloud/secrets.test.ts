import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { makeHome } from '../testing/home.js'
import { run } from '../testing/in-process.js'

const secret = 'hunter2#&"%/x'

/** A cloud that returns everything it received, in an error. */
async function echoServer(status: number): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const sent = `${request.url} ${JSON.stringify(request.headers)} ${body}`
      response.writeHead(status, { location: `https://elsewhere.example/?temp_url_sig=hunter2&q=hunter2` })
      response.end(JSON.stringify({ error: { message: sent, title: sent } }))
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}

test.each([400, 401, 302, 500])('a cloud that sends the login back with %d does not get it printed', async (status) => {
  await using server = await echoServer(status)
  const home = await makeHome()
  const domains = { OS_USER_DOMAIN_NAME: 'Default', OS_PROJECT_DOMAIN_NAME: 'Default' }
  for (const login of [
    { OS_USERNAME: 'demo', OS_PROJECT_NAME: 'demo', OS_PASSWORD: secret, ...domains },
    {
      OS_AUTH_TYPE: 'v3applicationcredential',
      OS_APPLICATION_CREDENTIAL_ID: 'id',
      OS_APPLICATION_CREDENTIAL_SECRET: secret,
    },
    { OS_AUTH_TYPE: 'token', OS_TOKEN: 'hunter2-token', OS_PROJECT_ID: 'id' },
    { OS_AUTH_TYPE: 'admin_token', OS_ENDPOINT: server.url, OS_TOKEN: 'hunter2-token' },
  ]) {
    const env = { OS_AUTH_URL: `${server.url}/v3`, ...login }
    for (const argv of [
      ['list', '--debug'],
      ['list', '-f', 'json', '-v'],
    ]) {
      const { exitCode, stdout, stderr } = await run(home, [...argv, '--retries', '0'], { env })
      expect(exitCode).toBeGreaterThan(0)
      expect(stderr).toContain('error')
      expect(stdout + stderr).not.toContain('hunter2')
    }
  }
})

test('the address of data, its list of checksums and its errors are shown without what signs them', async () => {
  await using server = await echoServer(403)
  const home = await makeHome()
  const address = `${server.url.replace('//', '//user:hunter2@')}/u.img?X-Goog-Signature=hunter2&access_token=hunter2#hunter2`
  for (const argv of [
    ['create', 'x', '--file', address, '--os-cloud', 'embedded'],
    ['create', 'x', '--file', address.replace('127.0.0.1', 'a b'), '--os-cloud', 'embedded'],
    ['create', 'x', '--file', address.replace(/:\d+\//, ':99999/'), '--os-cloud', 'embedded'],
    ['inspect', address],
    ['inspect', address, '-f', 'json', '--debug'],
    ['create', 'x', '--file', '-', '--disk-format', 'raw', '--checksum', address, '--os-cloud', 'embedded'],
  ]) {
    const { exitCode, stdout, stderr } = await run(home, [...argv, '--retries', '0'], { stdin: 'data' })
    expect(exitCode).toBeGreaterThan(0)
    expect(stdout + stderr).not.toContain('hunter2')
    expect(stderr).toContain('error')
  }
})

test.each([
  ['--config', ['serve', '--ephemeral', '--port', '0', '--config', 'bad.yaml']],
  ['--faults', ['serve', '--ephemeral', '--port', '0', '--faults', 'bad.yaml']],
])('an error in the file of %s says where it is and not what stands there', async (option, argv) => {
  const home = await makeHome()
  for (const line of [
    'password: *hunter2',
    'password: hunter2: x',
    'password: "hunter2',
    'password: !hunter2 [',
    '- @hunter2',
  ]) {
    await writeFile(path.join(home, 'bad.yaml'), `users:\n  - name: a\n    ${line}\n`)
    for (const more of [[], ['--debug'], ['-f', 'json']]) {
      const { exitCode, stderr } = await run(home, [...argv, ...more])
      expect(exitCode).toBe(2)
      expect(stderr).toContain(`${option} ${path.join(home, 'bad.yaml')}:`)
      expect(stderr).not.toContain('hunter2')
    }
  }
})

test('an error in clouds.yaml or secure.yaml says where it is and not what stands there', async () => {
  const home = await makeHome()
  for (const file of ['secure.yaml', 'clouds.yaml']) {
    for (const line of [
      'password: *hunter2',
      'password: hunter2: x',
      'password: "hunter2',
      'password: hunter2\n\tx: y',
    ]) {
      await writeFile(path.join(home, file), `clouds:\n  a:\n    auth:\n      ${line}\n`)
      const { exitCode, stderr } = await run(home, ['list', '--os-cloud', 'a', '--debug'])
      expect(exitCode).toBe(2)
      expect(stderr).toContain(path.join(home, file))
      expect(stderr).not.toContain('hunter2')
    }
  }
})
