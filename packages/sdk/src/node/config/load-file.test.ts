import { execFileSync } from 'node:child_process'
import { chmod, chown, lchown, mkdir, rename, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { configFolders, type ConfigFolders } from '../../testing/config-folders.js'
import { readTlsFiles } from '../tls-files.js'
import { resolveConfig } from './resolve-config.js'
import { makeCertificates } from '@tyrax/testkit'

const isRoot = process.geteuid?.() === 0
const other = 65_534
const clouds = 'clouds:\n  demo:\n    profile: public\n    auth: {auth_url: "https://demo.example:5000"}\n'
const secure = 'clouds:\n  demo:\n    auth: {password: secret}\n'
const profiles = 'public-clouds:\n  public: {region_name: RegionOne}\n'

const allFiles = {
  'cwd/clouds.yaml': clouds,
  'xdg/openstack/secure.yaml': secure,
  'home/.config/openstack/clouds-public.yaml': profiles,
}
const names = Object.keys(allFiles)

const folders = () => configFolders(allFiles)
const resolve = (at: ConfigFolders, env?: Record<string, string>) => resolveConfig({ cloud: 'demo' }, at.context(env))

test.each(names)('%s being a pipe or a folder is one clear error, and is not waited for', async (name) => {
  await using at = await folders()
  const path = join(at.root, name)
  await rename(path, `${path}.real`)
  execFileSync('mkfifo', [path])
  await expect(resolve(at)).rejects.toMatchObject({
    name: 'ConfigError',
    message: `${path} is not used: it is a named pipe, not a regular file`,
  })
  execFileSync('rm', [path])
  await mkdir(path)
  await expect(resolve(at)).rejects.toThrow(/cannot be read: EISDIR/)
})

test.each(names)('%s may be a link, but not to a device nor to a file without end', async (name) => {
  await using at = await folders()
  const path = join(at.root, name)
  await rename(path, `${path}.real`)
  await symlink(`${path}.real`, path)
  expect((await resolve(at)).values.get('region_name')?.value).toBe('RegionOne')
  await truncate(`${path}.real`, 2 ** 40)
  await expect(resolve(at)).rejects.toThrow(/has more than 1048576 bytes/)
  execFileSync('ln', ['-sfn', '/dev/zero', path])
  await expect(resolve(at)).rejects.toThrow(/is a device/)
})

test.runIf(isRoot).each(names)('%s of another user is not used', async (name) => {
  await using at = await folders()
  const path = join(at.root, name)
  await chown(path, other, other)
  const refused = { name: 'ConfigError', message: `${path} is not used: it belongs to another user (uid ${other})` }
  await expect(resolve(at)).rejects.toMatchObject(refused)
  await expect(resolve(at, { SUDO_UID: '1234' })).rejects.toMatchObject(refused)
  expect(await resolve(at, { SUDO_UID: String(other) })).toMatchObject({ cloud: 'demo', warnings: [] })
})

test.runIf(isRoot).each(names)('%s behind a link of another user is not used', async (name) => {
  await using at = await folders()
  const path = join(at.root, name)
  await rename(path, `${path}.real`)
  await symlink(`${path}.real`, path)
  await lchown(path, other, other)
  await expect(resolve(at)).rejects.toThrow(/belongs to another user/)
})

test.runIf(isRoot)('a file of another user that is named is used', async () => {
  await using at = await folders()
  const path = join(at.root, 'named.yaml')
  await writeFile(path, clouds)
  await chown(path, other, other)
  const config = await resolve(at, { OS_CLIENT_CONFIG_FILE: path })
  expect(config.files[0]).toBe(path)
})

test.each(names)('%s that every user can change is used with a warning', async (name) => {
  await using at = await folders()
  const path = join(at.root, name)
  await chmod(path, 0o666)
  expect((await resolve(at)).warnings).toEqual([
    `${path} can be changed by every user of this machine: chmod o-w ${path}`,
  ])
  await chmod(path, 0o664)
  expect((await resolve(at)).warnings).toEqual([])
})

test.each(['cacert', 'cert', 'key'] as const)(
  '%s being a pipe, a folder or a device is one clear error',
  async (name) => {
    await using at = await folders()
    const { client } = makeCertificates('IP:127.0.0.1')
    const [cert, key] = [join(at.root, 'cert.pem'), join(at.root, 'key.pem')]
    await writeFile(cert, client.cert)
    await writeFile(key, client.key)
    const tls = { insecure: false, cacert: cert, cert, key }
    expect(await readTlsFiles(tls)).toEqual({ insecure: false, ca: client.cert, cert: client.cert, key: client.key })
    const pipe = join(at.root, 'pipe')
    execFileSync('mkfifo', [pipe])
    for (const [path, reason] of [
      [pipe, 'it is a named pipe'],
      [at.root, 'EISDIR'],
      ['/dev/zero', 'it is a device'],
    ] as const) {
      await expect(readTlsFiles({ ...tls, [name]: path })).rejects.toMatchObject({
        name: 'ConfigError',
        message: expect.stringContaining(`${name} names ${path}, which cannot be read (${reason}`),
      })
    }
  },
)
