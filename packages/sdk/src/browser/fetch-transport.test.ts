import { createHash } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { AbortError, SourceError } from '../errors/index.js'
import { scriptedServer, sendJson } from '../testing/http-server.js'
import { netServer, unusedPort } from '../testing/net-server.js'
import { scriptedCloud } from '../testing/scripted-cloud.js'
import { chunks, textOfBody, transportRequest } from '../testing/transport-request.js'
import { createFetchTransport } from './fetch-transport.js'
import { connect } from './index.js'

const transport = createFetchTransport()
afterEach(() => transport.close())

test('a streamed body arrives byte for byte', async () => {
  await using server = await scriptedServer((request, response) => {
    const hash = createHash('sha256')
    request.on('data', (chunk: Buffer) => hash.update(chunk))
    request.on('end', () => response.end(hash.digest('hex')))
  })
  const expected = createHash('sha256')
  for await (const chunk of chunks(20, 100_000)) expected.update(chunk)
  const { body } = await transport.send(
    transportRequest(server.url, { method: 'PUT', body: { stream: chunks(20, 100_000), size: 2_000_000 } }),
  )
  expect(await textOfBody(body)).toBe(expected.digest('hex'))
})

test('a body of another length than announced is a SourceError', async () => {
  await using server = await scriptedServer((request) => request.on('error', () => undefined).resume())
  const request = transportRequest(server.url, { method: 'PUT', body: { stream: chunks(1, 10), size: 11 } })
  await expect(transport.send(request)).rejects.toBeInstanceOf(SourceError)
})

test('a server that stops reading is an idle timeout', async () => {
  await using server = await netServer((socket) => socket.pause())
  const timeouts = { connectTimeoutMs: 1000, headersTimeoutMs: 0, idleTimeoutMs: 100 }
  const request = transportRequest(server.url, { method: 'PUT', body: { stream: chunks(1000, 1024 * 1024) }, timeouts })
  await expect(transport.send(request)).rejects.toMatchObject({ name: 'TimeoutError', limit: 'idle' })
})

test('a redirect is an error: the token stays where it was sent', async () => {
  await using other = await scriptedServer((_, response) => response.end())
  await using server = await scriptedServer((_, response) => response.writeHead(302, { location: other.url }).end())
  await expect(
    transport.send(transportRequest(server.url, { headers: { 'x-auth-token': 't' } })),
  ).rejects.toMatchObject({ name: 'ConnectionError' })
  expect(other.requests).toEqual([])
})

test('refused, truncated and aborted are told apart', async () => {
  await expect(transport.send(transportRequest(`http://127.0.0.1:${await unusedPort()}`))).rejects.toMatchObject({
    reason: 'refused',
  })
  await using server = await scriptedServer((_, response) => {
    response.writeHead(200, { 'content-length': '10' })
    response.write('half', () => setTimeout(() => response.socket?.end(), 20))
  })
  const { body } = await transport.send(transportRequest(server.url))
  await expect(textOfBody(body)).rejects.toMatchObject({ reason: 'truncated' })
  await expect(transport.send(transportRequest(server.url, { signal: AbortSignal.abort() }))).rejects.toBeInstanceOf(
    AbortError,
  )
})

test('an answer that stalls is an idle timeout', async () => {
  await using server = await scriptedServer((_, response) => {
    response.writeHead(200, { 'content-length': '10' }).write('half')
  })
  const timeouts = { connectTimeoutMs: 1000, headersTimeoutMs: 1000, idleTimeoutMs: 100 }
  const { body } = await transport.send(transportRequest(server.url, { timeouts }))
  await expect(textOfBody(body)).rejects.toMatchObject({ name: 'TimeoutError', limit: 'idle' })
})

test('the entry without Node connects with explicit credentials only', async () => {
  await using server = await scriptedCloud({ service: (_, response) => sendJson(response, 200, {}) })
  await using cloud = await connect({ auth: server.auth })
  expect(cloud.projectId).toBe('project-id')
  await expect(connect({ auth: { authUrl: server.auth.authUrl, username: 'demo' } })).rejects.toMatchObject({
    name: 'ConfigError',
    hint: 'set auth.password',
  })
})
