import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { makeHome } from '../testing/home.js'
import { run } from '../testing/in-process.js'

type Row = Readonly<Record<string, unknown>> & { readonly name: string }

async function scene() {
  const home = await makeHome()
  const folder = path.join(home, '.config', 'openstack')
  await mkdir(folder, { recursive: true })
  const file = (name: string, text: string) => writeFile(path.join(folder, name), text, { mode: 0o600 })
  await file(
    'clouds.yaml',
    `clouds:
  my.cloud:
    profile: vendor
    interface: admin
    auth:
      username: ann
      password: from-clouds
`,
  )
  await file('secure.yaml', 'clouds:\n  my.cloud:\n    auth: { password: s3cret }\n')
  await file(
    'clouds-public.yaml',
    'public-clouds:\n  vendor:\n    auth:\n      auth_url: https://u:p@keystone.example.org/v3\n',
  )
  const explain = async (env: Readonly<Record<string, string>>, ...argv: string[]) => {
    const ran = await run(home, ['config', 'explain', '-f', 'json', ...argv], { env })
    return { ...ran, rows: JSON.parse(ran.stdout || '[]') as Row[] }
  }
  return { folder, explain }
}

test('every setting has its value, its origin with the line, and what it overrode; secrets are masked', async () => {
  const { folder, explain } = await scene()
  const { rows, exitCode, stdout } = await explain(
    { OS_INTERFACE: 'public', OS_CLOUD: 'other' },
    '--os-cloud',
    'my.cloud',
    '--os-interface',
    'internal',
  )
  const row = (name: string) => rows.find((each) => each.name === name)
  expect(exitCode).toBe(0)
  expect(row('cloud')).toMatchObject({ value: 'my.cloud', origin: '--os-cloud', overrode: ['other from OS_CLOUD'] })
  const clouds = path.join(folder, 'clouds.yaml')
  expect(row('auth.username')).toMatchObject({
    value: 'ann',
    file: clouds,
    key: 'clouds.my.cloud.auth.username',
    line: 6,
    origin: `clouds.my.cloud.auth.username in ${clouds}:6`,
  })
  expect(row('interface')).toMatchObject({
    value: 'internal',
    flag: '--os-interface',
    overrode: [
      'public from OS_INTERFACE',
      `admin from clouds.my.cloud.interface in ${clouds}:4`,
      'public from the default',
    ],
  })
  expect(row('auth_type')).toMatchObject({ value: 'password', origin: 'the default', overrode: [] })
  expect(row('auth.password')).toMatchObject({
    value: '********',
    line: 3,
    overrode: [`******** from clouds.my.cloud.auth.password in ${clouds}:7`],
  })
  expect(row('auth.auth_url')).toMatchObject({ file: path.join(folder, 'clouds-public.yaml'), line: 4 })
  expect(stdout).not.toMatch(/s3cret|from-clouds|u:p@/)
  const files = rows.filter(({ kind }) => kind === 'file')
  expect(files.filter(({ origin }) => origin === 'used').map(({ value }) => path.basename(String(value)))).toEqual([
    'clouds.yaml',
    'secure.yaml',
    'clouds-public.yaml',
  ])
  expect(files).toContainEqual({
    kind: 'file',
    name: 'clouds.yaml',
    value: '/etc/openstack/clouds.yaml',
    origin: 'not found',
  })
})

test('a configuration that cannot be used shows where was looked, and why', async () => {
  const { explain } = await scene()
  const { rows, exitCode, stderr } = await explain({}, '--os-cloud', 'nosuch')
  expect(exitCode).toBe(2)
  expect(JSON.parse(stderr)).toMatchObject({ error: { message: expect.stringContaining('nosuch is not configured') } })
  expect(rows.filter(({ origin }) => origin === 'used')).toHaveLength(2)
})

test('variables alone are explained too, and the embedded cloud', async () => {
  const { explain } = await scene()
  const { rows } = await explain({ OS_AUTH_URL: 'http://k/v3', OS_USERNAME: 'bob', OS_PASSWORD: 'pw' })
  expect(rows.find(({ name }) => name === 'auth.username')).toMatchObject({ value: 'bob', variable: 'OS_USERNAME' })
  expect((await explain({}, '--os-cloud', 'embedded')).rows).toEqual([
    { kind: 'cloud', name: 'cloud', value: 'embedded', origin: '--os-cloud', overrode: [] },
  ])
})
