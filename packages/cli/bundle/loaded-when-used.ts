/**
 * Loads Node's modules that most commands do not need, and the rest of the bundle, on first use, instead of at the start,
 * where a bundle puts its imports.
 */
export function loadedWhenUsed(modules: readonly string[]) {
  const found = new Set<string>()
  return {
    name: 'loaded-when-used',
    // The embedded cloud uses them all, and again and again.
    renderChunk: (code: string, { name }: { readonly name: string }) =>
      name === 'cloud' ? code : modules.reduce((rest, module) => deferred(rest, module, found), code),
    generateBundle(): void {
      const missed = modules.filter((module) => !found.has(module))
      if (missed.length > 0) throw new Error(`no file of the bundle imports ${missed.join(', ')} as expected`)
    },
  }
}

function deferred(code: string, module: string, found: Set<string>): string {
  const [line, name] = new RegExp(`^(?:let|const) (\\w+) = require\\(["']${module}["']\\);$`, 'm').exec(code) ?? []
  if (line === undefined) return code
  found.add(module)
  // The parentheses are needed for `new name.Class()`.
  const load = `(require("${module}"))`
  return code
    .replace(line, '')
    .replace(new RegExp(`^${name} = [\\w.]+\\(${name}, 1\\);$`, 'm'), '')
    .replaceAll(new RegExp(`\\b${name}\\.(default\\b)?`, 'g'), (_, isDefault) => (isDefault ? load : `${load}.`))
}
