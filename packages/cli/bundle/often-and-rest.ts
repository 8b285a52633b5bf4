/** Modules that nearly every command runs. They and what they import statically are in tyrax.cjs, except the seldom ones. */
const often = [
  '/cli/src/main.ts',
  '/cli/src/run/execute.ts',
  '/cli/src/commands/list.ts',
  '/cli/src/commands/show.ts',
  '/cli/src/cloud/embedded.ts',
  '/cli/src/output/render-table.ts',
  '/cli/bundle/undici.js',
  '/sdk/dist/node/undici.js',
]

/**
 * What they import, but use only in functions that short commands do not call: it is in rest.cjs, which is loaded on
 * first use.
 */
const seldom = [
  /\/node_modules\/env-paths\//,
  /\/cli\/src\/(?:command\/help|failure\/error-text)\.ts$/,
  /\/(?:sdk\/dist\/(?:sources|hashing)|hash-threads\/dist)\//,
  /\/sdk\/dist\/transfer\/(?!transfer-limits\.js)/,
  /\/sdk\/dist\/object-store\/(?!object-storage\.js|large\/limits\.js)/,
  /\/sdk\/dist\/image\/images\/(?:download\/(?!image-data\.js)|upload\/)/,
  /\/sdk\/dist\/node\/(?:decompress\/|sources\/|pem\.js|platform\/(?!node-platform\.js))/,
  /\/undici\/lib\/(?:web\/|llhttp\/|(?:core|dispatcher)\/socks5|dispatcher\/proxy-agent\.js|api\/api-connect\.js)/,
]

/** The embedded cloud, and the packages that only it uses. */
const isCloud = (id: string) => /\/(?:server\/dist|node_modules\/(?:hono|zod))\//.test(id)

/** The package `yaml`, and what runs it as soon as it is loaded itself. */
const isYaml = (id: string) =>
  /\/node_modules\/yaml\/|\/(?:yaml-package|setting-lines)\.js$|\/render-yaml\.ts$/.test(id)

const isOften = (id: string) => often.some((end) => id.endsWith(end))
const isSeldom = (id: string) => seldom.some((pattern) => pattern.test(id))

interface Module {
  readonly importedIds: readonly string[]
  readonly dynamicallyImportedIds: readonly string[]
}

interface Modules {
  getModuleInfo(id: string): Module | null
}

/** The ids and what follows from them by `next`. */
function closure(ids: readonly string[], next: (id: string) => readonly string[]): Set<string> {
  const found = new Set(ids)
  // A set can be extended while it is walked.
  for (const id of found) for (const each of next(id)) found.add(each)
  return found
}

/** The modules of tyrax.cjs. */
function starting(entry: string, modules: Modules): Set<string> {
  const none: Module = { importedIds: [], dynamicallyImportedIds: [] }
  const imports = (id: string) => modules.getModuleInfo(id) ?? none
  const all = closure([entry], (id) => [...imports(id).importedIds, ...imports(id).dynamicallyImportedIds])
  return closure([...all].filter(isOften), (id) => imports(id).importedIds.filter((each) => !isSeldom(each)))
}

/** Everything in the file that a command loads takes time at its start, whether it is used or not. */
export function oftenAndRest(entry: string) {
  let start: Set<string> | undefined
  const name = (id: string, modules: Modules): string => {
    start ??= starting(entry, modules)
    if (start.has(id)) return 'tyrax'
    if (isCloud(id)) return 'cloud'
    return isYaml(id) ? 'yaml' : 'rest'
  }
  return { groups: [{ name }], includeDependenciesRecursively: false }
}

interface Chunk {
  readonly type: string
  readonly moduleIds?: readonly string[]
  readonly code?: string
}

/** Fails the build when a module has moved: otherwise commands would only become slower, unnoticed. */
export const oftenIsWhole = {
  name: 'often-is-whole',
  generateBundle(_: unknown, output: Readonly<Record<string, Chunk>>): void {
    const modules = output['tyrax.cjs']?.moduleIds ?? []
    const missing = often.filter((end) => !modules.some((id) => id.endsWith(end)))
    if (missing.length > 0) throw new Error(`tyrax.cjs lacks ${missing.join(', ')}: have they moved?`)
    // The names that such an import expects are not those that the file exports.
    if (/then\(\(\) ?=> ?require\(.\.\/tyrax\.cjs.\)\)/.test(output['rest.cjs']?.code ?? '')) {
      throw new Error('a module in rest.cjs loads one that is in tyrax.cjs with await import(): import it statically')
    }
  },
}
