import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCloud, type EmbeddedCloud } from '@tyrax/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TokenGrant } from '../auth/token-grant.js'
import { createCloud } from '../cloud/create-cloud.js'
import { checkConfig, connect } from './connect.js'
import { resolveConfig, type ConfigOptions } from './config/resolve-config.js'
import { nodePlatform } from './platform/node-platform.js'
import { createUndiciTransport } from './undici-transport.js'

let server: EmbeddedCloud
beforeAll(async () => {
  server = await startCloud({ port: 0 })
})
afterAll(() => server.close())

const demo = () => ({ authUrl: server.authUrl, username: 'demo', password: 'secret', projectName: 'demo' })

test('the clouds.yaml of the embedded cloud connects as each of its users', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tyrax-clouds-'))
  try {
    await writeFile(join(folder, 'clouds.yaml'), server.cloudsYaml)
    for (const name of ['demo', 'admin']) {
      const options: ConfigOptions = { cloud: name }
      const config = await resolveConfig(options, { env: {}, cwd: folder, home: folder, platform: 'linux' })
      const parts = {
        settings: checkConfig(config),
        options,
        transport: createUndiciTransport({ env: {} }),
        platform: nodePlatform,
        trust: { isVerified: true, means: '' },
      }
      await using cloud = await createCloud(parts)
      expect((await cloud.identity.grant()).projectName).toBe(name)
      expect((await cloud.images.list()).items).toEqual([])
      expect((await cloud.identity.findProject(name)).id).toBe(cloud.projectId)
    }
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('what is wrong with a login is said in the words of Keystone', async () => {
  const attempt = (auth: object) => connect({ auth: { ...demo(), ...auth } }).then(String, (error: Error) => error.name)
  expect(await attempt({ password: 'nope' })).toBe('UnauthorizedError')
  expect(await attempt({ projectName: 'nope' })).toBe('UnauthorizedError')
  expect(await attempt({ authUrl: server.url })).toBe('NotFoundError')
})

test('a kept token saves the login, until the password changes', async () => {
  const kept = new Map<string, TokenGrant>()
  const tokenCache = {
    load: async (key: string) => kept.get(key),
    save: async (key: string, grant: TokenGrant) => {
      kept.set(key, structuredClone(grant))
    },
  }
  await using first = await connect({ auth: demo(), tokenCache })
  await using second = await connect({ auth: demo(), tokenCache })
  expect(await second.token()).toBe(await first.token())
  expect((await second.images.list()).items).toEqual([])
  expect([...kept.keys()].join()).not.toContain('secret')
  await expect(connect({ auth: { ...demo(), password: 'nope' }, tokenCache })).rejects.toMatchObject({ status: 401 })
})

test('a token of the cloud connects too, and an unscoped one knows no project', async () => {
  await using cloud = await connect({ auth: demo() })
  const token = await cloud.token()
  await using again = await connect({ auth: { authUrl: server.authUrl, token } })
  expect(again.projectId).toBe(cloud.projectId)
  await using unscoped = await connect({ auth: { ...demo(), projectName: undefined, unscoped: true } })
  expect(unscoped.projectId).toBeUndefined()
  await expect(unscoped.images.list()).rejects.toMatchObject({ name: 'EndpointNotFoundError' })
})
