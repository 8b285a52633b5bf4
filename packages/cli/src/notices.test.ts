import { createRequire } from 'node:module'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

interface Component {
  readonly name: string
  readonly version?: string
  readonly licenses: readonly { readonly expression: string }[]
}
interface BillOfMaterials {
  readonly components: readonly Component[]
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[]
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string }>>
}

const folder = fileURLToPath(new URL('..', import.meta.url))
const require = createRequire(path.join(folder, 'package.json'))
const dist = (file: string) => readFile(path.join(folder, 'dist', file), 'utf8')
const { components, dependencies } = JSON.parse(await dist('sbom.cdx.json')) as BillOfMaterials
const notices = await dist('THIRD-PARTY-NOTICES.txt')

/** What the command line and the code bundled with it import from other packages, read from the sources. */
async function importedPackages(): Promise<Set<string>> {
  const found = new Set<string>()
  for (const name of ['cli', 'sdk', 'server', 'protocol', 'disk-image', 'hash-threads']) {
    const sources = path.join(folder, '..', name, 'src')
    for (const file of await readdir(sources, { recursive: true })) {
      if (!/(?<!\.test|\.test-d|\.d)\.ts$/.test(file) || file.includes('testing')) continue
      const text = await readFile(path.join(sources, file), 'utf8')
      for (const [, specifier = ''] of text.matchAll(/^(?:import|export) (?!type\b)[^'"]*?from '([^'.][^']*)'/gm)) {
        const [, packageName] = /^((?:@[^/]+\/)?[^/]+)/.exec(specifier) ?? []
        if (packageName && !specifier.startsWith('node:')) found.add(packageName)
      }
    }
  }
  return found
}

test('the bill of materials has what the sources import, in the versions that are installed', async () => {
  const names = components.map(({ name }) => name)
  expect(names).toEqual([...new Set(names)].toSorted())
  const imported = await importedPackages()
  expect(imported.size).toBeGreaterThan(5)
  for (const name of imported) expect(names).toContain(name)
  const lock = JSON.parse(await readFile(path.join(folder, '..', '..', 'package-lock.json'), 'utf8')) as Lock
  const installed = Object.entries(lock.packages).map(
    ([at, { version }]) => `${at.split('node_modules/').at(-1)} ${version}`,
  )
  const others = components.filter(({ name, version }) => !name.startsWith('@tyrax/') && version !== undefined)
  for (const { name, version } of others) expect(installed).toContain(`${name} ${version}`)
  const refs = new Set(dependencies.map(({ ref }) => ref))
  expect(dependencies.flatMap(({ dependsOn }) => dependsOn).filter((ref) => !refs.has(ref))).toEqual([])
})

test('the notices have the licence text of every other package, and the bill no other', async () => {
  const named = [...notices.matchAll(/^-{80}\n(\S+)(?: (\S+))? \((.+)\)\n-{80}$/gm)]
  const others = components.filter(({ name }) => !name.startsWith('@tyrax/'))
  expect(named.map(([, name, version, license]) => [name, version, license])).toEqual(
    others.map(({ name, version, licenses }) => [name, version, licenses[0]?.expression]),
  )
  for (const { name } of others.filter(({ version }) => version !== undefined)) {
    const main = require.resolve.paths(name)?.map((at) => path.join(at, name)) ?? []
    const texts = await Promise.all(main.map((at) => licenceOf(at)))
    expect({ name, isThere: texts.some((text) => text !== '' && notices.includes(text)) }).toEqual({
      name,
      isThere: true,
    })
  }
  expect(notices).toContain('Copyright Fedor Indutny, 2018.')
})

async function licenceOf(at: string): Promise<string> {
  const files = await readdir(at).catch(() => [])
  const file = files.find((candidate) => /^licen[cs]e/i.test(candidate))
  return file === undefined ? '' : (await readFile(path.join(at, file), 'utf8')).trim()
}
