/**
 * Node's modules are their own default exports. The bundler copies them instead, with a getter for each of their members:
 * for `process` and `path` alone, that takes half a millisecond of every command.
 */
export const nodeAsItIs = {
  name: 'node-as-it-is',
  renderChunk(code: string): string {
    const names = [...code.matchAll(/^let (\w+) = require\("node:[\w/]+"\);$/gm)].map(([, name = '']) => name)
    return names.reduce(withoutCopy, code)
  },
}

function withoutCopy(code: string, name: string): string {
  const copy = new RegExp(`^${name} = [\\w.]+\\(${name}, 1\\);$`, 'm')
  if (!copy.test(code)) return code
  return code.replace(copy, '').replaceAll(new RegExp(`\\b${name}\\.default\\b`, 'g'), name)
}
