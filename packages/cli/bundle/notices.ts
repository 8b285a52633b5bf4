import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** A package whose code is in the bundle. */
interface Bundled {
  readonly name: string
  readonly version: string | undefined
  /** An SPDX expression. */
  readonly license: string
  readonly homepage: string | undefined
  readonly dependencies: readonly string[]
  /** Its licence and notices, as it ships them. Undefined for our own, whose licence is next to the bundle. */
  readonly text: string | undefined
}

interface Manifest {
  readonly name: string
  readonly version: string
  readonly license?: string
  readonly homepage?: string
  readonly repository?: string | { readonly url: string }
  readonly dependencies?: Readonly<Record<string, string>>
}

/** Code that other packages embed without its licence. */
const embedded: Readonly<Record<string, Bundled>> = {
  undici: {
    name: 'llhttp',
    version: undefined,
    license: 'MIT',
    homepage: 'https://github.com/nodejs/llhttp',
    dependencies: [],
    text: readFileSync(fileURLToPath(new URL('licences/llhttp.txt', import.meta.url)), 'utf8'),
  },
}

/**
 * Writes two files next to the bundle, from its modules: the licence texts of third-party packages, and a bill of
 * materials (CycloneDX 1.6). Neither contains a date, so that the same sources produce the same bytes.
 */
export function notices(folder: string) {
  return {
    name: 'notices',
    generateBundle(
      this: { emitFile(file: { type: 'asset'; fileName: string; source: string }): string },
      _: unknown,
      output: Readonly<Record<string, { readonly type: string; readonly moduleIds?: readonly string[] }>>,
    ) {
      const modules = Object.values(output).flatMap(({ moduleIds = [] }) => moduleIds)
      const own = readManifest(folder)
      const packages = bundledPackages(modules).filter(({ name }) => name !== own.name)
      this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY-NOTICES.txt', source: noticesText(packages) })
      this.emitFile({ type: 'asset', fileName: 'sbom.cdx.json', source: billOfMaterials(own, packages) })
    },
  }
}

/** Sorted by name and version. */
function bundledPackages(modules: readonly string[]): Bundled[] {
  const folders = new Set(modules.filter((id) => path.isAbsolute(id)).map((id) => packageFolder(path.dirname(id))))
  const found = [...folders].flatMap((folder) => {
    const bundled = describe(folder)
    const inside = embedded[bundled.name]
    return inside ? [{ ...bundled, dependencies: [...bundled.dependencies, inside.name] }, inside] : [bundled]
  })
  const order = ({ name, version = '' }: Bundled) => `${name}@${version}`
  return found.toSorted((one, other) => (order(one) < order(other) ? -1 : 1))
}

/** A package may contain folders with a package.json without a name, which only sets the type of their modules. */
function packageFolder(folder: string): string {
  const file = path.join(folder, 'package.json')
  if (existsSync(file) && readManifest(folder).name) return folder
  if (path.dirname(folder) === folder) throw new Error('a module of the bundle belongs to no package')
  return packageFolder(path.dirname(folder))
}

function describe(folder: string): Bundled {
  const { name, version, license, homepage, repository, dependencies = {} } = readManifest(folder)
  if (!license) throw new Error(`${name} names no licence: it cannot be bundled`)
  const isOurs = !folder.split(path.sep).includes('node_modules')
  const url = homepage ?? (typeof repository === 'string' ? repository : repository?.url)
  const text = isOurs ? undefined : licenceText(name, folder)
  return { name, version, license, homepage: url, dependencies: Object.keys(dependencies), text }
}

function licenceText(name: string, folder: string): string {
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
  if (files.length === 0) throw new Error(`${name} ships no licence text: it cannot be bundled`)
  return files.map((file) => readFileSync(path.join(folder, file), 'utf8').trim()).join('\n\n')
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest
}

function noticesText(packages: readonly Bundled[]): string {
  const others = packages.filter(({ text }) => text !== undefined)
  const rule = '-'.repeat(80)
  const sections = others.map(({ name, version, license, text }) => {
    return `${rule}\n${[name, version].filter(Boolean).join(' ')} (${license})\n${rule}\n\n${text}\n`
  })
  return `tyrax.cjs, rest.cjs and yaml.cjs contain code of the packages below, under the licences that follow.\n\n${sections.join('\n')}`
}

function billOfMaterials(own: Manifest, packages: readonly Bundled[]): string {
  const refs = new Map(packages.map((found) => [found.name, reference(found)]))
  const dependsOn = (names: readonly string[]) => names.flatMap((name) => refs.get(name) ?? [])
  const component = (found: Pick<Bundled, 'name' | 'version' | 'license'>) => ({
    'bom-ref': reference(found),
    name: found.name,
    ...(found.version === undefined ? {} : { version: found.version, purl: reference(found) }),
    licenses: [{ expression: found.license }],
  })
  const document = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', ...component({ ...own, license: own.license ?? '' }) } },
    components: packages.map((found) => ({
      type: 'library',
      ...component(found),
      ...(found.homepage === undefined
        ? {}
        : { externalReferences: [{ type: 'website', url: webAddress(found.homepage) }] }),
    })),
    dependencies: [
      { ref: reference(own), dependsOn: packages.map(reference) },
      ...packages.map((found) => ({ ref: reference(found), dependsOn: dependsOn(found.dependencies) })),
    ],
    compositions: [{ aggregate: 'complete', assemblies: [reference(own)] }],
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

/** A package URL; only a name for code that is not an npm package. */
function reference({ name, version }: { readonly name: string; readonly version?: string | undefined }): string {
  return version === undefined ? name : `pkg:npm/${name.replace('@', '%40')}@${version}`
}

/** npm accepts `owner/name` and `github:owner/name` as well. */
function webAddress(repository: string): string {
  const short = /^(?:github:)?([\w.-]+\/[\w.-]+)$/.exec(repository)?.[1]
  return short === undefined ? repository.replace(/^git\+/, '') : `https://github.com/${short}`
}
