import { Hono } from 'hono'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { HttpEnv } from '../context.js'
import { rawExchange } from '../testing/raw-exchange.js'
import { createListener } from './listener.js'
import { listen, type Listening } from './listen.js'
import { respond, respondJson } from './respond.js'

let listening: Listening
beforeAll(async () => {
  const app = new Hono<HttpEnv>()
  // Each character of a header value is one byte: these are the UTF-8 bytes of "é".
  app.get('/plain', (c) => respond(c, 200, { 'x-name': '\u00c3\u00a9' }, 'plain'))
  app.get('/text', (c) => respond(c, 200, { 'x-name': '\u00c3\u00a9' }, '☃ é'))
  app.get('/json', (c) => respondJson(c, { a: '☃' }, 201, { location: '/x' }))
  app.get('/empty', (c) => respond(c, 200))
  app.get('/none', (c) => respond(c, 204))
  app.get('/unchanged', (c) => respond(c, 304, { 'content-length': '9' }))
  app.get('/returned', () => new Response('not written'))
  app.get('/fails', () => Promise.reject(new Error('no words')))
  app.onError((error) => {
    throw error
  })
  listening = await listen(createListener([{ prefix: '/s', app }]), '127.0.0.1', 0)
})
afterAll(() => listening.close())

const exchange = async (method: string, path: string) => {
  const { status, lines, body } = await rawExchange(`http://127.0.0.1:${listening.port}`, method, `/s${path}`)
  const name = lines.find((line) => line.startsWith('x-name: '))?.slice(8)
  const length = lines.find((line) => line.startsWith('content-length: '))?.slice(16)
  return { status, body: body.toString(), length, name }
}

test.each([
  ['GET', '/plain', { status: 200, body: 'plain', length: '5', name: '\u00c3\u00a9' }],
  ['GET', '/text', { status: 200, body: '☃ é', length: '6', name: '\u00c3\u00a9' }],
  ['GET', '/json', { status: 201, body: '{"a":"☃"}', length: '11' }],
  ['GET', '/empty', { status: 200, body: '', length: '0' }],
  ['HEAD', '/text', { status: 200, body: '', length: undefined, name: '\u00c3\u00a9' }],
  ['GET', '/none', { status: 204, body: '', length: undefined }],
  ['GET', '/unchanged', { status: 304, body: '', length: '9' }],
  ['GET', '/returned', { status: 500, body: '', length: '0' }],
  ['GET', '/fails', { status: 500, body: '', length: '0' }],
])('%s %s goes out as it was meant', async (method, path, expected) => {
  expect(await exchange(method, path)).toMatchObject(expected)
})
