import { expect, test } from 'vitest'
import { UsageError } from '../errors/index.js'
import * as node from '../node/index.js'
import * as browser from './index.js'

const auth = { authUrl: 'http://127.0.0.1:9/v3', token: 't' }

test.each([
  ['a cloud of clouds.yaml', { cloud: 'mycloud' }, /^connect does not take cloud outside Node/],
  ['no verification', { auth, insecure: true }, /^connect does not take insecure outside Node/],
  ['authorities and a proxy', { auth, cacert: '/ca.pem', proxy: 'http://p:1' }, /take cacert, proxy outside Node/],
  ['nothing', undefined, /^connect\(\) without options reads clouds.yaml/],
])('connect refuses %s before anything is sent', async (_, options, message) => {
  const connecting = browser.connect(options as unknown as browser.ConnectOptions)
  await expect(connecting).rejects.toBeInstanceOf(UsageError)
  await expect(connecting).rejects.toMatchObject({ message: expect.stringMatching(message) })
  await expect(connecting).rejects.toMatchObject({ hint: expect.stringContaining('@tyrax/sdk/node') })
})

test('options that are undefined are options that were not given', async () => {
  await expect(browser.connect({ cloud: undefined } as unknown as browser.ConnectOptions)).rejects.toMatchObject({
    name: 'ConfigError',
  })
})

test("each function of Node's entry is there, and those that need Node say so", () => {
  const functions = Object.entries(node).filter(([, value]) => typeof value === 'function')
  expect(functions.map(([name]) => name).filter((name) => !(name in browser))).toEqual([])
  expect(() => (browser as unknown as typeof node).fromFile('disk.qcow2')).toThrow(UsageError)
  expect(() => (browser as unknown as typeof node).fromFile('disk.qcow2')).toThrow(/fromFile needs Node/)
})
