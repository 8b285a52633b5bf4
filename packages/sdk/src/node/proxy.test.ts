import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ConfigError } from '../errors/config-errors.js'
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

test.each([
  ['http://cloud.example.', 'cloud.example', true],
  ['http://cloud.example', 'cloud.example.', true],
  ['http://api.cloud.example:8080', ' .cloud.example:8080 ', true],
  ['http://[::1]:5000', '[0:0:0:0:0:0:0:1]:5000', true],
  ['http://[::1]:5000', '[::1]:5001', false],
  ['http://[fd00::5]', '[fd00::]/8', true],
  ['http://10.1.2.3:9292', '10.1.2.3:9292', true],
  ['http://10.1.2.3', '10.1.2.3/33', false],
  ['http://10.1.2.3', '.3', false],
  ['http://cloud.example', '.', false],
  ['http://cloud.example', '10.0.0.0/8,,  ,*', true],
])('%s with NO_PROXY=%s, as curl and Python read it, goes directly: %s', (url, list, direct) => {
  expect(chooseProxy(new URL(url), { ...env, no_proxy: '', NO_PROXY: list }).proxy === undefined).toBe(direct)
})

test('the Proxy header of a CGI request is no proxy', () => {
  const url = new URL('http://cloud.example')
  expect(chooseProxy(url, { HTTP_PROXY: 'http://evil:1', REQUEST_METHOD: 'GET' }).proxy).toBeUndefined()
  expect(chooseProxy(url, { http_proxy: 'http://own:1', REQUEST_METHOD: 'GET' }).proxy?.host).toBe('own:1')
})

test.each([
  'http://user:p#ss@proxy.example:3128',
  'http://user:12#ss@proxy.example:3128',
  'http://user:p?ss@proxy.example:3128',
  'http://user:1/2ss@proxy.example:3128',
  'us/er:pass@proxy.example:3128',
  'http://proxy.example:99999',
  'http://user:pass@proxy.example:port',
  'http://user:pass@my proxy:3128',
  'http://',
  'http://:3128',
  '   ',
  'ftp://user:pass@proxy.example',
  'https//user:pass@proxy.example',
  'socks5://user:pass@proxy.example:1080',
  'socks5h://user:pass@proxy.example:1080',
  'SOCKS4a://user:pass@proxy.example:1080',
])('a proxy setting that cannot be used is an error that names the variable and not its value: %s', (value) => {
  for (const name of ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY']) {
    const attempt = () => chooseProxy(new URL('https://cloud.example'), { [name]: value })
    expect(attempt).toThrow(ConfigError)
    expect(attempt).toThrow(new RegExp(`^${name} `))
    expect(attempt).not.toThrow(/:pass|ss@|proxy\.example|99999/)
  }
})

test.each([
  ['proxy.example:3128', 'http://proxy.example:3128/'],
  [' https://proxy.example ', 'https://proxy.example/'],
  ['user:p%@proxy.example', 'http://user:p%@proxy.example/'],
])('%s is the proxy %s', (value, href) => {
  expect(chooseProxy(new URL('https://cloud.example'), { https_proxy: value }).proxy?.href).toBe(href)
})

test('no NO_PROXY list makes the choice throw', () => {
  fc.assert(
    fc.property(fc.string(), (list) => {
      expect(() => chooseProxy(new URL('http://10.0.0.1'), { ...env, NO_PROXY: list })).not.toThrow()
    }),
  )
})
