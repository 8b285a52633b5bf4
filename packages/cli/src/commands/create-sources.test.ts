import { constants, generateKeyPairSync, verify } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { connect } from '@tyrax/sdk'
import { startCloud } from '@tyrax/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeHome } from '../testing/home.js'
import { run } from '../testing/in-process.js'

let cloud: Awaited<ReturnType<typeof startCloud>>
let home: string
let front: string
const actions: { readonly version: unknown; readonly body: unknown }[] = []
const volumes = [
  { id: 'v-1', name: 'root-disk', status: 'available' },
  { id: 'v-2', name: 'busy', status: 'in-use' },
  { id: 'v-3', name: 'twin', status: 'available' },
  { id: 'v-4', name: 'twin', status: 'available' },
]

/** Adds a Cinder to the catalogue of the embedded cloud, and plays it: a volume of four bytes. */
const server = createServer((request, response) => void respond(request, response))

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '', front)
  const body = await textOf(request)
  const json = (status: number, value: unknown, headers: Record<string, string> = {}) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))
  if (url.pathname.startsWith('/identity')) {
    const passed = await fetch(`${cloud.url}${url.pathname}${url.search}`, {
      method: request.method ?? 'GET',
      headers: { 'content-type': 'application/json', 'x-auth-token': String(request.headers['x-auth-token'] ?? '') },
      ...(body === '' ? {} : { body }),
    })
    const found = (await passed.json()) as { token?: { catalog?: unknown[] } }
    const at = { interface: 'public', region: 'RegionOne', region_id: 'RegionOne', url: `${front}/volume/v3` }
    found.token?.catalog?.push({ type: 'volumev3', name: 'cinder', endpoints: [at] })
    json(passed.status, found, { 'x-subject-token': passed.headers.get('x-subject-token') ?? '' })
    return
  }
  const [, id, action] = /^\/volume\/v3\/volumes\/([^/]+)(\/action)?$/.exec(url.pathname) ?? []
  if (id === 'detail') {
    json(200, { volumes: volumes.filter(({ name }) => name === url.searchParams.get('name')) })
  } else if (action === undefined) {
    const volume = volumes.find((each) => each.id === id)
    json(volume ? 200 : 404, volume ? { volume } : { itemNotFound: { message: 'no such volume' } })
  } else {
    const wanted = (JSON.parse(body) as { 'os-volume_upload_image': Record<string, string> })['os-volume_upload_image']
    actions.push({ version: request.headers['openstack-api-version'], body: wanted })
    await using glance = await connect({ auth: { ...credentials, authUrl: cloud.authUrl } })
    const { image_name: name = '' } = wanted
    const image = await glance.images.create({ name, diskFormat: 'raw' })
    json(202, { 'os-volume_upload_image': { id, image_id: image.id, status: 'uploading' } })
    await glance.images.upload(image, new TextEncoder().encode('data'))
  }
}
const credentials = { username: 'demo', password: 'secret', projectName: 'demo' }

beforeAll(async () => {
  cloud = await startCloud({ port: 0 })
  home = await makeHome()
  await writeFile(path.join(home, 'clouds.yaml'), cloud.cloudsYaml, { mode: 0o600 })
  await writeFile(path.join(home, 'data'), 'data')
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  front = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.close()
  await cloud.close()
})

const tyrax = (argv: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  run(home, argv, { env: { OS_CLIENT_CONFIG_FILE: path.join(home, 'clouds.yaml'), OS_CLOUD: 'demo', ...env } })
const withCinder = (...argv: string[]) =>
  run(home, argv, {
    env: {
      OS_AUTH_URL: `${front}/identity`,
      OS_USERNAME: 'demo',
      OS_PASSWORD: 'secret',
      OS_PROJECT_NAME: 'demo',
      OS_USER_DOMAIN_NAME: 'Default',
      OS_PROJECT_DOMAIN_NAME: 'Default',
    },
  })

test('a volume becomes an image, with what the block storage service does not take set afterwards', async () => {
  const fields = ['--private', '--protected', '--property', 'os_distro=debian', '--tag', 'golden']
  const made = await withCinder('image', 'create', 'v', '--volume', 'root-disk', ...fields, '-f', 'json')
  expect(made).toMatchObject({ exitCode: 0 })
  expect(JSON.parse(made.stdout)).toMatchObject({
    name: 'v',
    status: 'active',
    size: 4,
    tags: ['golden'],
    properties: { os_distro: 'debian' },
  })
  expect(actions.at(-1)).toEqual({
    version: 'volume 3.1',
    body: {
      image_name: 'v',
      force: false,
      disk_format: 'raw',
      container_format: 'bare',
      visibility: 'private',
      protected: true,
    },
  })
  const forced = await withCinder('create', 'w', '--volume', 'v-2', '--force', '--disk-format', 'qcow2')
  expect(forced).toMatchObject({ exitCode: 0 })
  expect(actions.at(-1)).toMatchObject({ version: undefined, body: { force: true, disk_format: 'qcow2' } })
})

test.each([
  [['--volume', 'busy'], 2, '--force copies it as it is'],
  [['--volume', 'nosuch'], 3, 'no volume matches'],
  [['--volume', 'twin'], 5, '2 volumes are called twin'],
  [['--volume', 'v-1', '--file', 'data'], 2, 'not both'],
  [['--volume', 'v-1', '--store', 's'], 2, 'the cloud copies the data'],
])('an image is not created with %j', async (argv, code, message) => {
  const before = actions.length
  const { exitCode, stderr } = await withCinder('create', 'x', ...argv)
  expect({ exitCode, stderr }).toEqual({ exitCode: code, stderr: expect.stringContaining(message) })
  expect(actions.length).toBe(before)
})

test('a cloud without block storage says so', async () => {
  const { exitCode, stderr } = await tyrax(['create', 'x', '--volume', 'v'])
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('has no block storage') })
})

test('data is signed so that it can be verified, also with an encrypted key', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  await writeFile(path.join(home, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }))
  const locked = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open' } as const
  await writeFile(path.join(home, 'locked.pem'), privateKey.export(locked))
  for (const file of ['key.pem', 'locked.pem']) {
    const argv = ['image', 'create', file, '--file', 'data', '--disk-format', 'raw', '--property', 'a=b', '-f', 'json']
    const made = await tyrax([...argv, '--sign-key-path', file, '--sign-cert-id', 'cert-1'], {
      TYRAX_SIGN_PASSPHRASE: 'open',
    })
    expect(made).toMatchObject({ exitCode: 0 })
    const { properties } = JSON.parse(made.stdout) as { properties: Record<string, string> }
    expect(properties).toMatchObject({
      a: 'b',
      img_signature_hash_method: 'SHA-256',
      img_signature_key_type: 'RSA-PSS',
      img_signature_certificate_uuid: 'cert-1',
    })
    // Cursive expects the longest salt (cursive/signature_utils.py).
    const key = { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 256 - 32 - 2 }
    const signature = Buffer.from(properties['img_signature'] ?? '', 'base64')
    expect(verify('sha256', Buffer.from('data'), key, signature)).toBe(true)
  }
})

test.each([
  [['--file', 'data', '--sign-key-path', 'key.pem'], 'needs --sign-cert-id'],
  [['--file', 'data', '--sign-cert-id', 'c'], 'needs --sign-key-path'],
  [['--file', '-', '--sign-key-path', 'key.pem', '--sign-cert-id', 'c'], 'read twice'],
  [['--sign-key-path', 'key.pem', '--sign-cert-id', 'c'], 'read twice'],
  [['--file', 'data', '--sign-key-path', 'data', '--sign-cert-id', 'c'], 'not a private key'],
  [['--file', 'data', '--sign-key-path', 'nosuch', '--sign-cert-id', 'c'], 'cannot be read'],
  [['--file', 'data', '--sign-key-path', 'locked.pem', '--sign-cert-id', 'c'], 'TYRAX_SIGN_PASSPHRASE'],
])('nothing is created with %j', async (argv, message) => {
  const { exitCode, stderr } = await tyrax(['create', 'unsigned', '--disk-format', 'raw', ...argv])
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(message) })
  expect((await tyrax(['list', '--name', 'unsigned', '-f', 'json'])).stdout).toBe('[]\n')
})
