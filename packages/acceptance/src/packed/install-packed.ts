import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { TestProject } from 'vitest/node'

const run = promisify(execFile)
const packages = fileURLToPath(new URL('../../../', import.meta.url))

/** Folders of projects like those of users: our packages come from tarballs, everything else from the registry. */
export interface PackedProjects {
  /** All packages of tyrax, and Node's types. */
  readonly app: string
  /** The command line alone. */
  readonly cli: string
  /** The SDK, without Node's types. */
  readonly page: string
  /** The compilers `ts5`, `ts6`, `ts7` and the bundlers, where the other two cannot resolve them. */
  readonly tools: string
}

declare module 'vitest' {
  // oxlint-disable-next-line typescript/consistent-type-definitions -- vitest's own interface is extended
  export interface ProvidedContext {
    projects: PackedProjects
  }
}

/** Packs what would be published and installs it in new projects, once for all tests. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const root = await mkdtemp(path.join(tmpdir(), 'tyrax-packed-'))
  const remove = () => rm(root, { recursive: true, force: true })
  try {
    const tarballs = await pack(root)
    const [app, cli, page, tools] = await Promise.all([
      install(path.join(root, 'app'), { ...tarballs, '@types/node': '^20' }),
      install(path.join(root, 'cli'), only(tarballs, ['tyrax'])),
      install(
        path.join(root, 'page'),
        only(tarballs, ['@tyrax/sdk', '@tyrax/protocol', '@tyrax/disk-image', '@tyrax/hash-threads']),
      ),
      install(path.join(root, 'tools'), {
        ts5: 'npm:typescript@~5.9',
        ts6: 'npm:typescript@^6',
        ts7: 'npm:typescript@^7',
        vite: '^8',
        esbuild: '^0.28',
        webpack: '^5',
      }),
    ])
    provide('projects', { app, cli, page, tools })
    return remove
  } catch (error) {
    await remove()
    throw error
  }
}

async function pack(to: string): Promise<Record<string, string>> {
  const tarballs: Record<string, string> = {}
  for (const folder of (await readdir(packages)).map((name) => path.join(packages, name))) {
    const { name, version, private: isPrivate } = await manifestOf(folder)
    if (isPrivate) continue
    await run('npm', ['pack', '--silent', '--pack-destination', to], { cwd: folder })
    tarballs[name] = `file:${path.join(to, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)}`
  }
  return tarballs
}

async function manifestOf(folder: string): Promise<{ name: string; version: string; private?: boolean }> {
  return JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'))
}

function only(tarballs: Record<string, string>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(tarballs).filter(([name]) => names.includes(name)))
}

async function install(folder: string, dependencies: Record<string, string>): Promise<string> {
  await mkdir(folder)
  const manifest = { name: path.basename(folder), private: true, type: 'module', dependencies }
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest))
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'], { cwd: folder })
  return folder
}
