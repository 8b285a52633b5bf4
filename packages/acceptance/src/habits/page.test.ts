import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { habits } from '../../../cli/src/habits/index.js'
import { globalHabits } from '../../../cli/src/habits/openstack-other.js'
import { habitTables } from './page.js'

const page = path.join(fileURLToPath(new URL('../../../..', import.meta.url)), 'docs/from-openstack.md')
const first = '## openstack image\n'

test('docs/from-openstack.md has every command and option: vitest run packages/acceptance/src/habits -u', async () => {
  const text = await readFile(page, 'utf8')
  expect(text).toContain(first)
  await expect(text.slice(0, text.indexOf(first)) + habitTables(habits, globalHabits)).toMatchFileSnapshot(page)
})
