import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { scriptedCloud } from '../testing/scripted-cloud.js'
import { sendJson } from '../testing/http-server.js'
import { connected } from '../testing/connected.js'
import { createSecrets, hidingLogger } from './secrets.js'

const secret = 'hunter2 is "ünsafe"/+'

test.each([
  ['as it is', secret],
  ['in JSON', JSON.stringify({ password: secret })],
  ['in JSON twice', JSON.stringify(secret)],
  ['in a URL', `https://h/?p=${encodeURIComponent(secret)}`],
  ['in a form', new URLSearchParams({ p: secret }).toString()],
  ['in base64', Buffer.from(secret).toString('base64')],
  ['in a Basic header', Buffer.from(`demo:${secret}`).toString('base64')],
  ['in another', Buffer.from(`user1:${secret}:x`).toString('base64')],
  ['in base64url', Buffer.from(`ab:${secret}`).toString('base64url')],
])('a secret is hidden %s', (_, text) => {
  const secrets = createSecrets()
  secrets.add(secret)
  const shown = secrets.hide(`before ${text} after`)
  expect(shown).toContain('REDACTED')
  expect(shown).not.toContain('hunter2')
  expect(shown).not.toContain('unter')
  expect(Buffer.from(shown.replaceAll('-', '+').replaceAll('_', '/'), 'base64').toString()).not.toContain('hunter2')
})

test('a short secret is hidden where it stands alone, and does not garble other words', () => {
  const secrets = createSecrets()
  secrets.add('a')
  secrets.add('')
  secrets.add(undefined)
  expect(secrets.hide('{"password":"a"} was a bad idea')).toBe('{"password":"REDACTED"} was REDACTED bad idea')
})

test('no secret is shown, whatever it is made of', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[^<>]+$/), fc.string({ unit: 'binary', minLength: 8 }), (short, long) => {
      const secrets = createSecrets()
      secrets.add(short)
      secrets.add(long)
      expect(secrets.hide(`<${long}>`).replaceAll('REDACTED', '')).not.toContain(long)
      expect(secrets.hide(`<${short}>`)).toBe('<REDACTED>')
    }),
  )
})

test('the log shows none, neither in its words nor in its details', () => {
  const lines: string[] = []
  const log = (message: string, details?: object) => void lines.push(message + JSON.stringify(details))
  const secrets = createSecrets()
  secrets.add('correct horse')
  const logger = hidingLogger({ debug: log, info: log, warn: log, error: log }, secrets)
  logger?.debug('it was correct horse', { headers: { server: 'correct horse' }, status: 200 })
  expect(lines).toEqual(['it was REDACTED{"headers":{"server":"REDACTED"},"status":200}'])
})

/** All text of an error and a log that users can see. */
const shownOf = (error: unknown, lines: readonly string[]) =>
  [String(error), (error as Error).stack, JSON.stringify(error), ...lines].join('\n')

test.each([
  ['an error of JSON', (body: string) => JSON.stringify({ error: { message: `what is ${body}?`, code: body } })],
  ['an error page', (body: string) => `<html><body>you sent ${body.replaceAll('"', '&quot;')}</body></html>`],
  ['a plain text', (body: string) => `what is ${body}?`],
])('a Keystone that sends the login back as %s is not quoted with the password', async (_, bodyOf) => {
  const lines: string[] = []
  const log = (message: string, details?: object) => void lines.push(message + JSON.stringify(details))
  const token = 'hunter2-as-a-token'
  await using server = await scriptedCloud({
    identity(request, response, body) {
      const sent = request.headers['x-auth-token'] === token ? token : secret
      response.writeHead(400, { 'x-openstack-request-id': `req-${encodeURIComponent(sent)}`, via: encodeURI(sent) })
      response.end(bodyOf(body + sent))
      return true
    },
  })
  for (const auth of [
    { ...server.auth, password: secret },
    { authUrl: server.auth.authUrl, applicationCredentialId: 'id', applicationCredentialSecret: secret },
    { authUrl: server.auth.authUrl, token },
  ]) {
    await using cloud = await connected({ auth, logger: { debug: log, info: log, warn: log, error: log } })
    const error = await cloud.session.grant().catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'BadRequestError', message: expect.stringContaining('REDACTED') })
    expect(shownOf(error, lines)).not.toContain('hunter2')
  }
})

test.each([
  ['an error', 409, 'application/json', JSON.stringify({ message: 'token-1 is bad, secret too' })],
  ['a page where JSON is expected', 200, 'text/html', '<html><body>token-1 secret</body></html>'],
  ['a redirect', 302, 'text/plain', ''],
])('a service that sends the token back in %s is not quoted with it', async (_, status, type, body) => {
  await using server = await scriptedCloud({
    service: (__, response) =>
      response
        .writeHead(status, {
          'content-type': type,
          location: 'https://u:token-1@elsewhere/token-1?temp_url_sig=token-1',
        })
        .end(body),
  })
  await using cloud = await connected({ auth: server.auth })
  const error = await cloud.image
    .request({ method: 'GET', path: '/images' })
    .then((response) => response.json())
    .catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(Error)
  expect(shownOf(error, [])).not.toMatch(/token-1|\bsecret\b/)
})

test('what a server says without a secret is quoted as it is', async () => {
  await using server = await scriptedCloud({
    service: (_, response) => sendJson(response, 409, { message: 'Image is in use', code: '409 Conflict' }),
  })
  await using cloud = await connected({ auth: server.auth })
  await expect(cloud.image.request({ method: 'GET', path: '/images' })).rejects.toMatchObject({
    message: 'Image is in use',
    code: '409 Conflict',
  })
})
