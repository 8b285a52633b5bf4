interface Chunk {
  readonly type: 'chunk'
  code: string
}

/**
 * Makes each file an expression of the function that bin/start.cjs calls. Put around the text there, it would cost a
 * copy of the text at every start.
 */
export const asFunction = {
  name: 'as-function',
  generateBundle(_: unknown, output: Readonly<Record<string, Chunk | { readonly type: 'asset' }>>): void {
    for (const chunk of Object.values(output)) {
      if (chunk.type === 'chunk') chunk.code = `(function (exports, require, importModule) {${chunk.code}\n})\n`
    }
  },
}
