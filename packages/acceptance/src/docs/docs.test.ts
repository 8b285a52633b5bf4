import { copyFile, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { execFile } from 'node:child_process'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { blocksOf, commandsOf, examplesOf, isShown, pagesOfDocs, root, type Block } from './blocks.js'
import { pages } from './pages.js'
import { openSandbox } from './sandbox.js'

const blocks = (await Promise.all((await pagesOfDocs()).map(blocksOf))).flat()
const examples = await examplesOf('packages/sdk/src')
const inLanguage = (language: string) => blocks.filter((block) => block.language === language)
const place = ({ page, line }: Block) => `${page}:${line}`

/** Written from the definitions of the commands; `packages/cli/src/pages` types their examples. */
const isGenerated = (page: string) => page.startsWith('docs/cli/')

test('every block is run (console), compiled (ts), or says that it is neither', () => {
  const known = ['console', 'ts', 'text', 'yaml', 'nginx', 'ini']
  expect(blocks.filter(({ language }) => !known.includes(language)).map(place)).toEqual([])
  expect(
    inLanguage('text')
      .filter(({ text }) => /^import |^(await|const) /m.test(text))
      .map(place),
  ).toEqual([])
})

test('docs/README.md lists every page', async () => {
  const index = await readFile(path.join(root, 'docs/README.md'), 'utf8')
  const listed = (await pagesOfDocs()).filter(
    (page) => page.startsWith('docs/') && page !== 'docs/README.md' && !isGenerated(page),
  )
  expect(listed.filter((page) => !index.includes(`(${path.basename(page)})`))).toEqual([])
})

test('every link from a page to another file leads to one that exists', async () => {
  const broken: string[] = []
  for (const page of await pagesOfDocs()) {
    const text = await readFile(path.join(root, page), 'utf8')
    for (const [, target = ''] of text.matchAll(/\]\((?!\w+:)([^)#]+)(?:#[^)]*)?\)/g)) {
      const file = path.join(root, path.dirname(page), target)
      if (!(await stat(file).catch(() => undefined))) broken.push(`${page}: ${target}`)
    }
  }
  expect(broken).toEqual([])
})

describe('console blocks', () => {
  const withCommands = [...new Set(inLanguage('console').map(({ page }) => page))].filter((page) => !isGenerated(page))

  test('every set-up belongs to a page', () => {
    expect(withCommands).toEqual(expect.arrayContaining(Object.keys(pages)))
  })

  test.each(withCommands)('%s: the commands do what it shows', async (page) => {
    const { before, words = {} } = pages[page] ?? {}
    await using sandbox = await openSandbox()
    const setUp = before === undefined ? [] : await sandbox.run([before])
    expect(setUp.filter(({ code }) => code !== 0)).toEqual([])
    const failures: string[] = []
    for (const block of inLanguage('console').filter((one) => one.page === page)) {
      const commands = commandsOf(block)
      const ran = await sandbox.run(commands.map(({ text }) => replaceAll(text, words)))
      for (const [index, { text, output }] of commands.entries()) {
        const { code, output: got } = ran[index] ?? { code: 'not run', output: '' }
        if (code !== 0 || (output !== '' && !isShown(output, got))) {
          failures.push(`${place(block)}: $ ${text}\nexit code: ${code}\n${got}\nshown: ${output}`)
        }
      }
    }
    expect(failures).toEqual([])
  })
})

function replaceAll(text: string, words: Readonly<Record<string, string>>): string {
  return Object.entries(words).reduce((done, [word, value]) => done.replaceAll(word, value), text)
}

describe('ts blocks, and examples of docstrings', () => {
  const programs = [...inLanguage('ts'), ...examples]
  let folder: string
  let complaints: string[]

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tyrax-docs-ts-'))
    await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
    await copyFile(
      fileURLToPath(new URL('../../fixtures/docs/setting.d.ts', import.meta.url)),
      path.join(folder, 'setting.d.ts'),
    )
    await writeFile(path.join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
    await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
    // A line number that the compiler reports is the same line of the page.
    for (const block of programs) {
      await writeFile(path.join(folder, fileOf(block)), `${'\n'.repeat(block.line - 1)}${block.text}\nexport {}\n`)
    }
    complaints = await compile(folder)
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('what they take for granted compiles', () => {
    expect(complaints.filter((line) => !/^[^(]+\.block\.ts\(/.test(line))).toEqual([])
  })

  test.each(programs.map((block) => [place(block), block] as const))('%s compiles', (_, block) => {
    expect(complaints.filter((line) => line.startsWith(`${fileOf(block)}(`))).toEqual([])
  })
})

const compilerOptions = {
  target: 'es2023',
  lib: ['es2023', 'esnext.disposable'],
  types: ['node'],
  module: 'nodenext',
  strict: true,
  exactOptionalPropertyTypes: true,
  verbatimModuleSyntax: true,
  noEmit: true,
}

const fileOf = ({ page, line }: Block) => `${page.replaceAll('/', '__')}.${line}.block.ts`

function compile(folder: string): Promise<string[]> {
  const tsc = path.join(root, 'node_modules/typescript-native/bin/tsc')
  return new Promise((resolve) => {
    execFile(process.execPath, [tsc, '--pretty', 'false'], { cwd: folder }, (error, stdout, stderr) => {
      const lines = `${stdout}${stderr}`.split('\n').filter((line) => line !== '')
      resolve(error && lines.length === 0 ? [`the compiler failed: ${error.message}`] : lines)
    })
  })
}
