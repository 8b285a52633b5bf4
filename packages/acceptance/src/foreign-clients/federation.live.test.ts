import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type FederatedCloud, runCommand, startFederatedCloud } from '@tyrax/testkit'

// Only the embedded Keystone: in front of a real one, Apache with mod_auth_openidc would have to check the tokens.
let at: FederatedCloud
let folder: string
beforeAll(async () => {
  at = await startFederatedCloud({ users: [{ username: 'ada', password: 'a-password', claims: { banned: false } }] })
  folder = await mkdtemp(path.join(tmpdir(), 'tyrax-federation-'))
})
afterAll(async () => {
  await at[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

async function openstack(authType: string, env: Readonly<Record<string, string>>, ...args: string[]): Promise<unknown> {
  const text = await runCommand(path.join(inject('openstack').bin, 'openstack'), [...args, '-f', 'json'], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      PYTHONWARNINGS: 'ignore',
      OS_AUTH_TYPE: authType,
      OS_AUTH_URL: at.cloud.authUrl,
      OS_IDENTITY_PROVIDER: 'work',
      OS_PROTOCOL: 'openid',
      OS_PROJECT_NAME: 'demo',
      OS_PROJECT_DOMAIN_NAME: 'Default',
      ...env,
    },
  })
  return JSON.parse(text)
}

const client = () => ({
  OS_CLIENT_ID: 'tyrax',
  OS_CLIENT_SECRET: 's3cret+/=',
  OS_ACCESS_TOKEN_TYPE: 'access_token',
  OS_DISCOVERY_ENDPOINT: at.provider.discoveryUrl,
})

test('openstack signs in as a client and as a user of the provider, and with an access token', async () => {
  expect(await openstack('v3oidcclientcredentials', client(), 'image', 'list')).toEqual([])
  const user = { ...client(), OS_USERNAME: 'ada', OS_PASSWORD: 'a-password' }
  const projects = await openstack('v3oidcpassword', user, 'federation', 'project', 'list')
  expect(projects).toMatchObject([{ Name: 'demo' }, { Name: 'second' }])
  const body = new URLSearchParams({
    grant_type: 'password',
    username: 'ada',
    password: 'a-password',
    client_id: 'public',
  })
  const response = await fetch(`${at.provider.issuer}/token`, { method: 'POST', body })
  const { access_token: token } = (await response.json()) as { access_token: string }
  expect(await openstack('v3oidcaccesstoken', { OS_ACCESS_TOKEN: token }, 'token', 'issue')).toMatchObject({
    id: expect.stringMatching(/^tyrax-/),
  })
})
