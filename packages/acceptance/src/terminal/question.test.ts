import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { contentOf, scene, type Scene } from './scene.js'

let at: Scene
const names = ['ci-1', 'ci-2-名前のイメージ'] as const

beforeAll(async () => {
  at = await scene()
})
afterAll(() => at.close())
beforeEach(async () => {
  const left = await there()
  for (const name of names) if (!left.includes(name)) await at.cloud.images.create({ name, tags: ['ci'] })
})

const there = async () => (await at.cloud.images.listAll({ sort: 'name:asc' })).map(({ name }) => name)

/** Types keys when the question is there. */
async function answered(keys: string, columns: number) {
  await using broken = await at.behind({})
  const script = `trap : INT; stty -g > before; tyrax rm 'tag=ci'; echo $? > code; stty -g > after`
  using terminal = broken.shell(script, { columns })
  await expect.poll(() => terminal.text()).toMatch(/\[y\/N\] $/)
  const asked = await terminal.rows()
  terminal.type(keys)
  await terminal.ended
  const all = await terminal.rows()
  const [before, after, code] = await Promise.all(
    ['before', 'after', 'code'].map((name) => contentOf(path.join(at.folder, name))),
  )
  return {
    asked: asked.map(({ text }) => text.trimEnd()),
    wrapped: asked.filter(({ wraps }) => wraps),
    /** From the row of the question on. */
    said: all.slice(asked.length - 1).map(({ text }) => text.trimEnd()),
    code: Number(code),
    isAsBefore: before === after,
  }
}

const question = 'Delete these 2 images? [y/N]'
const unchanged = 'error: Nothing was changed'
// The kernel may discard what it has not shown yet of what was typed before.
const interrupted = [expect.stringMatching(/\^C$/), 'error: stopped by SIGINT', 'hint: nothing was changed']

describe.each([40, 100])('%d columns', (columns) => {
  test.each<[what: string, keys: string, code: number, said: readonly string[]]>([
    ['no', 'n\r', 1, [`${question} n`, unchanged]],
    ['a word that is neither', 'yessir\r', 1, [`${question} yessir`, unchanged]],
    ['an empty answer', '\r', 1, [question, unchanged]],
    ['yes that is taken back', 'y\u007Fn\r', 1, [`${question} n`, unchanged]],
    ['the end of the input', '\u0004', 1, [question, unchanged]],
    ['Ctrl-C', '\u0003', 130, interrupted],
    ['Ctrl-C after yes', 'yes\u0003', 130, interrupted],
  ])('%s changes nothing', async (_what, keys, code, said) => {
    const result = await answered(keys, columns)
    expect(result).toMatchObject({ said, code, isAsBefore: true })
    expect(await there()).toEqual(names)
  })

  test.each(['y\r', 'YES\r'])('%j deletes what was shown, in rows that do not wrap', async (keys) => {
    const images = await at.cloud.images.listAll()
    const { asked, wrapped, said, code, isAsBefore } = await answered(keys, columns)
    const day = (created: Date) => created.toISOString().slice(0, 10)
    const shown = images.flatMap(({ id, name, createdAt }) =>
      columns === 40 ? [`  ${id}`, `    ${day(createdAt)}  ${name}`] : [`  ${id}  ${day(createdAt)}  ${name}`],
    )
    expect(asked.toSorted()).toEqual([...shown, question].toSorted())
    expect({ wrapped, code, isAsBefore }).toEqual({ wrapped: [], code: 0, isAsBefore: true })
    expect(said[0]).toBe(`${question} ${keys.trim()}`)
    expect(said.slice(1).join('')).toMatch(/^(?:deleted [0-9a-f-]{36} ci-\d[^ ]*){2}$/)
    expect(await there()).toEqual([])
  })
})
