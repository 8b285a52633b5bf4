import { lstat, mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { run } from './support/process.mjs'

export const name = 'installed'
export const figure = 'the command line with everything that npm installs for it'
export const target = { most: 12, unit: ' MiB' }

export async function measure(setting) {
  const folder = path.join(setting.folder, 'installed')
  await mkdir(folder)
  const source = new URL('../packages/cli', import.meta.url).pathname
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', folder, source])
  await writeFile(path.join(folder, 'package.json'), '{}')
  await run('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', path.join(folder, stdout.trim())])
  const modules = path.join(folder, 'node_modules')
  const names = await readdir(modules, { recursive: true })
  const sizes = await Promise.all(names.map(async (each) => (await lstat(path.join(modules, each))).size))
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  const packages = names.filter((each) => path.basename(each) === 'package.json').length
  return { value: bytes / 2 ** 20, detail: `${packages} package.json` }
}
