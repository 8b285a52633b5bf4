interface Chunk {
  readonly type: 'chunk'
  code: string
}

/**
 * Makes each file the function expression that bin/start.cjs calls. Wrapping the text there would copy it at every
 * start.
 */
export const asFunction = {
  name: 'as-function',
  generateBundle(_: unknown, output: Readonly<Record<string, Chunk | { readonly type: 'asset' }>>): void {
    for (const chunk of Object.values(output)) {
      if (chunk.type === 'chunk')
        chunk.code = `(function (exports, require, importModule, setFlag) {${chunk.code}\n})\n`
    }
  },
}
