/** Modules that nearly every command runs. They and what they import statically are in tyrax.cjs, the rest in rest.cjs. */
const often = [
  '/cli/src/main.ts',
  '/cli/src/run/execute.ts',
  '/cli/src/run/program.ts',
  '/cli/src/commands/list.ts',
  '/cli/src/output/render-table.ts',
  '/cli/bundle/undici.js',
  '/sdk/dist/node/undici.js',
  '/sdk/dist/node/config/yaml-package.js',
]

const isOften = (id: string) => often.some((end) => id.endsWith(end))

/** Everything in the file that a command loads takes time at its start, whether it is used or not. */
export const oftenAndRest = {
  groups: [
    { name: 'tyrax', priority: 2, test: isOften },
    { name: 'rest', priority: 1, test: () => true },
  ],
}

interface Chunk {
  readonly type: string
  readonly moduleIds?: readonly string[]
}

/** Fails the build when a module has moved: otherwise commands would only become slower, unnoticed. */
export const oftenIsWhole = {
  name: 'often-is-whole',
  generateBundle(_: unknown, output: Readonly<Record<string, Chunk>>): void {
    const modules = output['tyrax.cjs']?.moduleIds ?? []
    const missing = often.filter((end) => !modules.some((id) => id.endsWith(end)))
    if (missing.length > 0) throw new Error(`tyrax.cjs lacks ${missing.join(', ')}: have they moved?`)
  },
}
