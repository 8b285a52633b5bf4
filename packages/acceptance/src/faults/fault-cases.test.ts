import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

const root = new URL('../../../../', import.meta.url)
const numbered = (letter: string, last: number) => Array.from({ length: last }, (_, index) => `${letter}${index + 1}`)

/** For each case, the tests that the page names: file and title. */
async function readTable(): Promise<Map<string, { file: string; title: string }[]>> {
  const page = await readFile(new URL('docs/fault-cases.md', root), 'utf8')
  const rows = page.split('\n').flatMap((line) => {
    const [, id] = /^\| ([UIDM]\d+) \|/.exec(line) ?? []
    const tests = [...line.matchAll(/`([^`]+\.test\.ts)` “([^”]+)”/g)]
    return id ? [[id, tests.map(([, file = '', title = '']) => ({ file, title }))] as const] : []
  })
  return new Map(rows)
}

test('every case has a test, and every test that the page names is there', async () => {
  const table = await readTable()
  expect([...table.keys()]).toEqual([
    ...numbered('U', 24),
    ...numbered('I', 9),
    ...numbered('D', 23),
    ...numbered('M', 7),
  ])
  const gone: string[] = []
  for (const [id, tests] of table) {
    expect(tests, id).not.toEqual([])
    for (const { file, title } of tests) {
      const source = await readFile(new URL(file, root), 'utf8').catch(() => '')
      const isThere = ["'", '`'].some((quote) => source.includes(`${quote}${title}`))
      if (!isThere || /\btest\.(skip|todo)\b/.test(source)) gone.push(`${id}: ${file}: ${title}`)
    }
  }
  expect(gone).toEqual([])
})
