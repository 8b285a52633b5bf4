interface Chunk {
  readonly type: 'chunk'
  code: string
}

const name = 'rolldown-runtime.cjs'

/** Puts a copy of the bundler's helpers into the file that every command loads: they are a few lines in a file of their own. */
export const helpersInside = {
  name: 'helpers-inside',
  generateBundle(_: unknown, output: Readonly<Record<string, Chunk | { readonly type: 'asset' }>>): void {
    const [helpers, chunk] = [output[name], output['tyrax.cjs']]
    const load = /require\(["'`]\.\/rolldown-runtime\.cjs["'`]\)/g
    if (helpers?.type !== 'chunk' || chunk?.type !== 'chunk' || chunk.code.match(load)?.length !== 1) {
      throw new Error(`tyrax.cjs does not load ${name} as expected`)
    }
    chunk.code = chunk.code.replace(load, () => `(exports=>{${helpers.code}\nreturn exports})({})`)
  },
}
