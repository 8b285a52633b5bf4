import { afterAll, beforeAll, expect, test } from 'vitest'
import { scene, type Scene } from './scene.js'

let at: Scene
const names = ['debian-13-generic-amd64-daily', '名前のとても長いディスクイメージの名前'] as const
const ids: string[] = []

beforeAll(async () => {
  at = await scene()
  for (const name of names) {
    const data = Buffer.alloc(5000)
    ids.push((await at.cloud.images.create({ name, diskFormat: 'raw', data, tags: ['lts', 'nightly'] })).id)
  }
})
afterAll(() => at.close())

/** What a command shows in a terminal of this width: its rows, without blanks at their ends. */
async function shown(command: string, columns: number): Promise<readonly string[]> {
  await using broken = await at.behind({})
  using terminal = broken.shell(command, { columns, rows: 60 })
  expect(await terminal.ended).toBe(0)
  const rows = await terminal.rows()
  expect({ command, columns, wrapped: rows.filter(({ wraps }) => wraps) }).toEqual({ command, columns, wrapped: [] })
  return rows.map(({ text }) => text.trimEnd())
}

test.each([40, 60, 80, 200])(
  'a list on a terminal with %d columns has whole ids, in rows that do not wrap',
  async (columns) => {
    const text = (await shown('tyrax list', columns)).join('\n')
    for (const id of ids) expect(text).toContain(id)
    for (const command of ['tyrax list --long', 'tyrax list -c name -c owner -c id', `tyrax show ${ids[0]}`]) {
      expect((await shown(command, columns)).join('\n')).toContain(ids[0])
    }
  },
)

test('at 200 columns everything is there; at 80 and 60 the last columns are left out, which is said', async () => {
  const titles = async (columns: number) => {
    const rows = await shown('tyrax list', columns)
    return [
      rows[1]
        ?.split('|')
        .map((each) => each.trim())
        .filter(Boolean)
        .join(' '),
      rows.at(-1),
    ]
  }
  expect(await titles(200)).toEqual(['ID Name Status Size Disk Format Visibility', expect.stringMatching(/^\+-/)])
  expect(await titles(80)).toEqual(['ID Name Status Size', 'no room for disk_format, visibility'])
  expect(await titles(60)).toEqual(['ID Name Status', 'no room for size, disk_format, visibility'])
  expect((await shown('tyrax list --long', 60)).at(-1)).toBe('no room for 10 more columns')
  expect((await shown('tyrax list -q', 60)).join('\n')).not.toContain('no room')
})

test('at 40 columns each image is a block of lines with all columns, and nothing is cut', async () => {
  const more = ['  Status       active', '  Size         4.88 KiB', '  Disk Format  raw', '  Visibility   shared']
  expect(await shown('tyrax list --sort name:asc', 40)).toEqual([
    ids[0],
    '  Name',
    '    debian-13-generic-amd64-daily',
    ...more,
    '',
    ids[1],
    '  Name',
    '    名前のとても長いディスクイメージの名',
    '    前',
    ...more,
  ])
  expect(await shown('tyrax list -c name -c id --sort name:asc --limit 1', 40)).toEqual([
    ids[0],
    '  Name  debian-13-generic-amd64-daily',
  ])
  expect(await shown(`tyrax show ${ids[0]} -c id -c status -c size -c tags`, 40)).toEqual([
    'id',
    `  ${ids[0]}`,
    'status  active',
    'size    5000 (4.88 KiB)',
    'tags    lts, nightly',
  ])
})
