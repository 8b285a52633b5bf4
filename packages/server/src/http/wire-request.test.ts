import { expect, test } from 'vitest'
import type { IncomingMessage } from 'node:http'
import { WireRequest } from './wire-request.js'

const requestOf = (target: string, rawHeaders: string[] = []) =>
  new WireRequest({ method: 'GET', rawHeaders } as IncomingMessage, target)

test('a target stays as it was sent', () => {
  expect(requestOf('/c/../d/%2e%2e/e?x=%2F').url).toBe('http://localhost/c/../d/%2e%2e/e?x=%2F')
  expect(requestOf('/a#b?c#d').url).toBe('http://localhost/a%23b?c%23d')
})

test('headers are read as from web Headers', () => {
  const raw = ['X-B', '2', 'x-a', 'one', 'X-A', 'two', '__proto__', 'p', 'X-Empty', '']
  const { headers } = requestOf('/', raw)
  const web = new Headers()
  for (let at = 0; at < raw.length; at += 2) web.append(raw[at] ?? '', raw[at + 1] ?? '')
  expect([...headers]).toEqual([...web])
  for (const name of ['x-b', 'X-a', '__proto__', 'x-empty', 'constructor', 'x']) {
    expect([name, headers.get(name), headers.has(name)]).toEqual([name, web.get(name), web.has(name)])
  }
})
