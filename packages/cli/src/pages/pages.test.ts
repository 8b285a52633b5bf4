import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { groups, programExamples } from '../commands/groups.js'
import { commandEntries } from '../commands/index.js'
import { commandManPage, programManPage } from './man.js'
import { commandPage, indexPage, optionsPage } from './markdown.js'
import { commandPages } from './page.js'

// `npm run cli-pages` runs these tests and writes what they compare.

const docs = fileURLToPath(new URL('../../../../docs/cli/', import.meta.url))
const manual = fileURLToPath(new URL('../../man/', import.meta.url))
const manifest = fileURLToPath(new URL('../../package.json', import.meta.url))

const pages = await commandPages(commandEntries, groups)
const markdown = new Map([
  ['README.md', indexPage(pages, programExamples)],
  ['options.md', optionsPage()],
  ...pages.map((page) => [`${page.name}.md`, commandPage(page)] as const),
])
const man = new Map([
  ['tyrax.1', programManPage(pages, programExamples)],
  ...pages.map((page) => [`tyrax-${page.name}.1`, commandManPage(page)] as const),
])

test.each([...markdown])('docs/cli/%s is what the definitions of the commands say', async (name, text) => {
  await expect(text).toMatchFileSnapshot(docs + name)
})

test.each([...man])('man/%s is what the definitions of the commands say', async (name, text) => {
  await expect(text).toMatchFileSnapshot(manual + name)
})

test('there are no other pages: what this lists is to be deleted', async () => {
  expect((await readdir(docs).catch(() => [])).filter((name) => !markdown.has(name))).toEqual([])
  expect((await readdir(manual).catch(() => [])).filter((name) => !man.has(name))).toEqual([])
})

test('npm installs every man page', async () => {
  const text = await readFile(manifest, 'utf8')
  const known = JSON.parse(text) as Readonly<Record<string, unknown>>
  const listed = [...man.keys()].toSorted().map((name) => `./man/${name}`)
  await expect(`${JSON.stringify({ ...known, man: listed }, null, 2)}\n`).toMatchFileSnapshot(manifest)
})
