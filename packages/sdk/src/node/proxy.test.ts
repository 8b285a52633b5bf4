import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { chooseProxy } from './proxy.js'

const env = { http_proxy: 'http://p:3128', HTTPS_PROXY: 'secure-proxy:8080' }

test.each([
  ['http://cloud.example/v3', env, 'http://p:3128/'],
  ['https://cloud.example/v3', env, 'http://secure-proxy:8080/'],
  ['http://cloud.example', { HTTP_PROXY: 'http://upper:1', http_proxy: 'http://lower:1' }, 'http://lower:1/'],
  ['http://cloud.example', { ALL_PROXY: 'http://all:1' }, 'http://all:1/'],
  ['http://cloud.example', {}, undefined],
  ['http://cloud.example', { http_proxy: '' }, undefined],
])('%s with %o goes by %s', (url, environment, proxy) => {
  expect(chooseProxy(new URL(url), environment).proxy?.href).toBe(proxy)
})

test.each([
  ['http://cloud.example', 'cloud.example', true],
  ['http://api.cloud.example', '.cloud.example', true],
  ['http://api.cloud.example', 'cloud.example', true],
  ['http://api.cloud.example', '*.cloud.example', true],
  ['http://mycloud.example', 'cloud.example', false],
  ['http://cloud.example:8080', 'other, cloud.example:8080', true],
  ['http://cloud.example', 'cloud.example:8080', false],
  ['http://CLOUD.example', 'cloud.EXAMPLE', true],
  ['http://10.1.2.3', '10.0.0.0/8', true],
  ['http://11.1.2.3', '10.0.0.0/8 192.168.0.0/16', false],
  ['http://127.0.0.1:5000', 'localhost,127.0.0.1', true],
  ['http://[::1]:5000', '::1', true],
  ['http://[fd00::5]:5000', 'fd00::/8', true],
  ['http://cloud.example', '*', true],
])('%s with NO_PROXY=%s goes directly: %s', (url, list, direct) => {
  const route = chooseProxy(new URL(url), { ...env, no_proxy: list })
  expect(route.proxy === undefined).toBe(direct)
  expect(route.because).toMatch(direct ? /^directly: NO_PROXY has / : /^by proxy: http_proxy is set$/)
})

test('no NO_PROXY list makes the choice throw', () => {
  fc.assert(
    fc.property(fc.string(), (list) => {
      expect(() => chooseProxy(new URL('http://10.0.0.1'), { ...env, NO_PROXY: list })).not.toThrow()
    }),
  )
})
