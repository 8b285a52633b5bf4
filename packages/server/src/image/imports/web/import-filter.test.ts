import { expect, test } from 'vitest'
import { defaultCloudConfig } from '../../../config/defaults.js'
import { filterUrl } from './import-filter.js'

const stock = defaultCloudConfig.image.importFilter
const passes = async (uri: string, filter = {}) => (await filterUrl(uri, { ...stock, ...filter })) !== undefined

test.each([
  'http://127.0.0.1/x',
  'http://127.1/x',
  'http://2130706433/x',
  'http://0x7f000001/x',
  'http://017700000001/x',
  'http://localhost/x',
  'http://[::1]/x',
  'http://[::ffff:127.0.0.1]/x',
  'http://[::ffff:7f00:1]/x',
  'http://169.254.169.254/latest/meta-data',
  'http://0.0.0.0/x',
  'http://user@127.0.0.1/x',
  'http://10.0.0.1\\@127.0.0.1/x',
  'http://does-not-exist.invalid/x',
  'http://10.0.0.1:8080/x',
  'ftp://10.0.0.1/x',
  'file:///etc/passwd',
  'http://',
  'http:///x',
  '//10.0.0.1/x',
  'not a uri',
  '',
])('%s is refused by default', async (uri) => {
  expect(await passes(uri)).toBe(false)
})

test.each([
  'http://10.0.0.1/x',
  'https://10.0.0.1',
  'http://10.0.0.1:443/x?y#z',
  'HTTP://10.0.0.1/',
  'http://[fd00::1]/x',
])('%s passes by default', async (uri) => {
  expect(await passes(uri)).toBe(true)
})

test('a named host may be at a special address, in its usual spelling alone, and others are refused', async () => {
  const filter = { allowedHosts: ['127.0.0.1', 'localhost', '::1'] }
  expect(await passes('http://127.0.0.1/', filter)).toBe(true)
  expect(await passes('http://localhost/', filter)).toBe(true)
  expect(await passes('http://[::1]/', filter)).toBe(true)
  expect(await passes('http://[0:0:0:0:0:0:0:1]/', filter)).toBe(true)
  expect(await passes('http://2130706433/', filter)).toBe(false)
  expect(await passes('http://127.0.0.2/', filter)).toBe(false)
  expect(await passes('http://10.0.0.1/', filter)).toBe(false)
})

test('hosts, schemes and ports can be disallowed, also by the address that a name stands for', async () => {
  expect(await passes('http://10.0.0.1/', { disallowedHosts: ['10.0.0.1'] })).toBe(false)
  expect(await passes('http://10.0.0.2/', { disallowedHosts: ['10.0.0.1'] })).toBe(true)
  expect(await passes('http://10.0.0.1/', { allowedSchemes: ['https'] })).toBe(false)
  expect(await passes('http://10.0.0.1/', { allowedSchemes: [], disallowedSchemes: ['http'] })).toBe(false)
  expect(await passes('http://10.0.0.1:22/', { allowedPorts: [], disallowedPorts: [22] })).toBe(false)
  expect(await passes('http://10.0.0.1:8080/', { allowedPorts: [], disallowedPorts: [22] })).toBe(true)
})
