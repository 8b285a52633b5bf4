// Writes docs/api.md, the index of everything that the published packages export, from their built declarations.
// `--check` writes nothing. Both fail when a type of a signature is not exported, when a method has no docstring, and
// when one of the methods that users begin with has no example.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = path.join(root, 'docs/api.md')
const entries = {
  '@tyrax/sdk': 'packages/sdk/dist/node/index.d.ts',
  '@tyrax/sdk/browser': 'packages/sdk/dist/browser/index.d.ts',
  '@tyrax/disk-image': 'packages/disk-image/dist/index.d.ts',
  '@tyrax/protocol': 'packages/protocol/dist/index.d.ts',
  '@tyrax/server': 'packages/server/dist/index.d.ts',
}

/** What users begin with. */
const shownByExample = [
  'connect',
  ...['list', 'find', 'create', 'upload', 'update', 'download', 'inspect'].map((name) => `ImageManager.${name}`),
  'ImageMembers.add',
  'ObjectStorage.put',
]

const files = Object.values(entries).map((file) => path.join(root, file))
const program = ts.createProgram(files, {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: ['node'],
  strict: true,
  skipLibCheck: true,
})
const checker = program.getTypeChecker()
const complaints = []

const isOurs = (declaration) => /\/packages\/[^/]+\/dist\//.test(declaration.getSourceFile().fileName)
const resolved = (symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol)

function exportsOf(file) {
  const source = program.getSourceFile(path.join(root, file))
  if (!source) throw new Error(`${file} is not there: run npm run build`)
  return checker
    .getExportsOfModule(checker.getSymbolAtLocation(source))
    .map((symbol) => ({ name: symbol.name, symbol: resolved(symbol) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Reports names in the signatures of an entry that cannot be imported from it. */
function checkNames(entry, exported) {
  const names = new Set(exported.map(({ symbol }) => symbol))
  const missing = new Set()
  for (const { name, symbol } of exported) {
    const seen = new Set()
    const visit = (node) => {
      if (seen.has(node)) return
      seen.add(node)
      if (ts.isHeritageClause(node)) {
        for (const base of node.types) visitBase(base)
        return
      }
      const used = ts.isTypeReferenceNode(node) && checker.getSymbolAtLocation(node.typeName)
      const target = used && resolved(used)
      const isParameter = target && target.flags & ts.SymbolFlags.TypeParameter
      if (target && !isParameter && !names.has(target) && target.declarations?.some(isOurs)) {
        missing.add(`${name} uses ${target.name}`)
      }
      ts.forEachChild(node, visit)
    }
    /** Inherited members belong to the type itself, whether or not its base is exported. */
    const visitBase = (base) => {
      const type = checker.getTypeAtLocation(base)
      if (type.isClassOrInterface() || type.symbol?.flags & ts.SymbolFlags.Interface) base.typeArguments?.forEach(visit)
      for (const property of type.getProperties()) {
        for (const declaration of property.declarations ?? []) if (isOurs(declaration)) visit(declaration)
      }
    }
    for (const declaration of symbol.declarations ?? []) if (isOurs(declaration)) visit(declaration)
  }
  for (const use of missing) complaints.push(`${entry}: ${use}, which is not exported`)
}

/** The first sentence of a docstring, on one line. */
function lineOf(symbol) {
  const text = ts
    .displayPartsToString(symbol.getDocumentationComment(checker))
    .replaceAll(/\{@link ([^}]+)\}/g, '`$1`')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return /^.*?\.(?= [A-Z`(]|$)/.exec(text)?.[0] ?? text
}

function checkExample(name, symbol) {
  if (!shownByExample.includes(name)) return
  const examples = symbol.getJsDocTags(checker).filter((tag) => tag.name === 'example')
  const texts = examples.map(({ text }) => ts.displayPartsToString(text))
  if (!texts.some((text) => text.includes('await '))) complaints.push(`${name} has no @example`)
}

function itemOf(name, symbol, indent = '') {
  const line = lineOf(symbol)
  if (line === '') complaints.push(`${name} has no docstring that says what it is`)
  return `${indent}- \`${name}\`${line === '' ? '' : `: ${line}`}`
}

function callOf(name, symbol) {
  const signatures = checker.getTypeOfSymbol(symbol).getCallSignatures()
  const isOptional = ([parameter] = []) => !parameter || parameter.questionToken || parameter.initializer
  const parameters = (signatures[0]?.parameters ?? []).map((parameter, at) => {
    const everywhere = signatures.map(({ parameters }) => parameters[at]?.declarations)
    const dots = parameter.declarations?.[0]?.dotDotDotToken ? '…' : ''
    // A destructured parameter has no name of its own.
    const shown = parameter.name.startsWith('__') ? 'options' : parameter.name
    return `${dots}${shown}${everywhere.some(isOptional) ? '?' : ''}`
  })
  return `${name}(${parameters.join(', ')})`
}

const exportedSymbols = new Set(Object.values(entries).flatMap((file) => exportsOf(file).map(({ symbol }) => symbol)))

/** The members of a type, after those of its base classes that are not exported. */
function membersOf(symbol) {
  const bases = symbol.flags & ts.SymbolFlags.Class ? checker.getDeclaredTypeOfSymbol(symbol).getBaseTypes() : []
  const inherited = bases
    .map((base) => base.symbol)
    .filter((base) => !exportedSymbols.has(base) && isOurs(base.declarations[0]))
  return [...inherited.flatMap(membersOf), ...(symbol.members?.values() ?? [])]
}

function methodsOf(symbol, owner) {
  const members = membersOf(symbol).filter((member) => {
    const [declaration] = member.declarations ?? []
    return declaration && (ts.isMethodDeclaration(declaration) || ts.isMethodSignature(declaration))
  })
  return members
    .filter(({ name }) => !name.startsWith('__@'))
    .map((member) => {
      checkExample(`${owner}.${member.name}`, member)
      return itemOf(callOf(member.name, member), member, '  ')
    })
}

function isCallable(symbol) {
  const { flags } = symbol
  return (
    flags & ts.SymbolFlags.Function ||
    (flags & ts.SymbolFlags.Variable && checker.getTypeOfSymbol(symbol).getCallSignatures().length > 0)
  )
}

const kinds = [
  {
    title: 'Classes',
    belongs: ({ flags }) => flags & ts.SymbolFlags.Class,
    describe: (name, symbol) => [itemOf(name, symbol), ...methodsOf(symbol, name)],
  },
  { title: 'Functions', belongs: isCallable, describe: (name, symbol) => [itemOf(callOf(name, symbol), symbol)] },
  {
    title: 'Values',
    belongs: ({ flags }) => flags & ts.SymbolFlags.Variable,
    describe: (name, symbol) => [itemOf(name, symbol)],
  },
  {
    title: 'Types',
    belongs: () => true,
    describe: (name, symbol) => [itemOf(name, symbol), ...methodsOf(symbol, name)],
  },
]

function sectionOf(entry, exported) {
  const lines = [`## ${entry}`, '']
  if (entry === '@tyrax/sdk/browser') lines.push('What `@tyrax/sdk` has for all runtimes, and in its own way:', '')
  const left = new Set(exported)
  for (const { name, symbol } of exported) checkExample(name, symbol)
  for (const { title, belongs, describe } of kinds) {
    const found = [...left].filter(({ symbol }) => belongs(symbol))
    for (const each of found) left.delete(each)
    if (found.length > 0)
      lines.push(`### ${title}`, '', ...found.flatMap(({ name, symbol }) => describe(name, symbol)), '')
  }
  return lines
}

const lines = [
  '# Public API',
  '',
  'Everything that the packages export, with the first sentence of its docstring; the editor shows the rest.',
  '`npm run api` writes this page.',
  '',
]
for (const [entry, file] of Object.entries(entries)) {
  const exported = exportsOf(file)
  // The protocol's types are computed from its table, by helper types that are of no use elsewhere.
  if (entry !== '@tyrax/protocol') checkNames(entry, exported)
  const known =
    entry === '@tyrax/sdk/browser' ? new Set(exportsOf(entries['@tyrax/sdk']).map(({ symbol }) => symbol)) : new Set()
  lines.push(
    ...sectionOf(
      entry,
      exported.filter(({ symbol }) => !known.has(symbol)),
    ),
  )
}
const text = `${lines.join('\n').trimEnd()}\n`
const isCurrent = readFileSync(page, { encoding: 'utf8', flag: 'a+' }) === text
if (!process.argv.includes('--check')) writeFileSync(page, text)
else if (!isCurrent) complaints.push('docs/api.md is not current: run npm run api')
for (const each of complaints) console.error(each)
process.exitCode = complaints.length > 0 ? 1 : 0
