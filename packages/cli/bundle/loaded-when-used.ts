/**
 * Node's modules that most commands do without are loaded when they are first used, instead of at the start, which is
 * where a bundle puts what its modules import.
 */
export function loadedWhenUsed(modules: readonly string[]) {
  return { name: 'loaded-when-used', renderChunk: (code: string) => modules.reduce(deferred, code) }
}

function deferred(code: string, module: string): string {
  if (!code.includes(`require("${module}")`)) return code
  const [, name] = new RegExp(`^let (\\w+) = require\\("${module}"\\);$`, 'm').exec(code) ?? []
  if (name === undefined) throw new Error(`the bundle does not import ${module} as expected`)
  // In parentheses for `new name.Class()`.
  const load = `(require("${module}"))`
  return code
    .replace(`let ${name} = require("${module}");`, '')
    .replace(new RegExp(`^${name} = [\\w.]+\\(${name}, 1\\);$`, 'm'), '')
    .replaceAll(new RegExp(`\\b${name}\\.(default\\b)?`, 'g'), (_, isDefault) => (isDefault ? load : `${load}.`))
}
