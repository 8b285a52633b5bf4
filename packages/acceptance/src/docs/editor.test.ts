import path from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { root } from './blocks.js'

/** Marks the position of the cursor. */
const cursor = '‸'

/** What an editor knows about a program that uses the built declarations, as users' projects do. */
function edited(code: string) {
  const file = path.join(root, 'packages/acceptance/edited.ts')
  const text = `import { connect, type Cloud, type Image } from '@tyrax/sdk'
declare const cloud: Cloud, image: Image
void connect
${code}`
  const position = text.indexOf(cursor)
  const source = text.replace(cursor, '')
  const host: ts.LanguageServiceHost = {
    getCompilationSettings: () => ({
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: true,
      types: ['node'],
    }),
    getScriptFileNames: () => [file],
    getScriptVersion: (name) => (name === file ? source : '1'),
    getScriptSnapshot: (name) => {
      const content = name === file ? source : ts.sys.readFile(name)
      return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content)
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (name) => name === file || ts.sys.fileExists(name),
    readFile: (name) => (name === file ? source : ts.sys.readFile(name)),
    directoryExists: (name) => ts.sys.directoryExists(name),
    realpath: (name) => ts.sys.realpath?.(name) ?? name,
  }
  const service = ts.createLanguageService(host, registry)
  return {
    complaints: () =>
      [...service.getSyntacticDiagnostics(file), ...service.getSemanticDiagnostics(file)].map(
        ({ start = 0, length = 0, messageText }) => ({
          at: source.slice(start, start + length),
          lines: ts.flattenDiagnosticMessageText(messageText, '\n').split('\n'),
        }),
      ),
    completions: () => (service.getCompletionsAtPosition(file, position, {})?.entries ?? []).map(({ name }) => name),
  }
}

/** Shared, so that declarations are parsed only once for all programs. */
const registry = ts.createDocumentRegistry()

describe('an editor completes', () => {
  test.each<[string, readonly string[]]>([
    [`cloud.images.create({ name: 'a', visibility: '${cursor}' })`, ['community', 'private', 'public', 'shared']],
    [`cloud.images.create({ name: 'a', diskFormat: '${cursor}' })`, ['auto', 'qcow2', 'vhd']],
    [`cloud.images.update(image, { diskFormat: '${cursor}' })`, ['qcow2', 'raw']],
    [`cloud.images.update(image, { containerFormat: '${cursor}' })`, ['bare', 'ova']],
    [`cloud.images.upload(image, new Uint8Array(), { diskFormat: '${cursor}' })`, ['auto', 'iso']],
    [`cloud.images.list({ status: '${cursor}' })`, ['active', 'queued']],
    [`cloud.images.list({ status: ['${cursor}'] })`, ['active', 'queued']],
    [`cloud.images.list({ memberStatus: '${cursor}' })`, ['accepted', 'all', 'pending', 'rejected']],
    [`cloud.images.list({ sortKey: '${cursor}' })`, ['created_at', 'size']],
    [`cloud.images.list({ sortDir: '${cursor}' })`, ['asc', 'desc']],
    [`cloud.images.list({ sort: ['${cursor}'] })`, ['name', 'size:desc']],
    [`cloud.images.find({ visibility: '${cursor}' })`, ['public']],
    [`cloud.images.wait(image, { for: '${cursor}' })`, ['active']],
    [`cloud.images.members.setStatus(image, 'p', '${cursor}')`, ['accepted', 'pending', 'rejected']],
    [`connect({ interface: '${cursor}' })`, ['admin', 'internal', 'public']],
    [`connect({ authType: '${cursor}' })`, ['password', 'v3totp']],
  ])('%s', (code, expected) => {
    expect(edited(code).completions()).toEqual(expect.arrayContaining([...expected]))
  })
})

describe('a mistake is one line, at its place', () => {
  test.each<[string, string]>([
    ["void cloud.images.create({ name: 'a', visibility: 'pubic' })", 'visibility'],
    ["cloud.images.list({ visibility: 'pubic' })", 'visibility'],
    ["cloud.images.list({ status: 'actve' })", 'status'],
    ["cloud.images.list({ stauts: 'active' })", 'stauts'],
    ["cloud.images.list({ sortKey: 'craeted_at' })", 'sortKey'],
    ["cloud.images.list({ limit: '5' })", 'limit'],
    ["void cloud.images.update(image, { visibility: 'pubic' })", 'visibility'],
    ["void cloud.images.updateImageMember(image, 'acepted')", "'acepted'"],
  ])('%s', (code, at) => {
    const complaints = edited(code).complaints()
    expect(complaints).toMatchObject([{ at, lines: [expect.any(String)] }])
  })

  test('and what is right has none', () => {
    const code =
      'declare const to: string | undefined\nvoid cloud.images.download(image, { to })\ncloud.images.list({ limit: 5 })'
    expect(edited(code).complaints()).toEqual([])
  })
})
