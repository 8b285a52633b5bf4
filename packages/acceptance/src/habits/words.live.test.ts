import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommand } from '@tyrax/testkit'
import { expect, inject, test } from 'vitest'
import { habits } from '../../../cli/src/habits/index.js'
import { optionSyntax } from '../../../cli/src/habits/option-syntax.js'

test('every command and option of openstack, glance and swift is known', async () => {
  const program = path.join(inject('openstack').bin, 'python')
  const script = fileURLToPath(new URL('words_of_clients.py', import.meta.url))
  const text = await runCommand(program, [script], { env: { PATH: process.env['PATH'], PYTHONWARNINGS: 'ignore' } })
  const clients = JSON.parse(text) as Record<string, Record<string, string[]>>
  const unknown = Object.entries(clients).flatMap(([client, commands]) =>
    Object.entries(commands).flatMap(([words, flags]) => {
      const habit = habits.find((each) => each.client === client && each.words.join(' ') === words)
      if (!habit) return [`${client} ${words}`]
      const known = new Set(Object.keys(habit.options ?? {}).flatMap((each) => optionSyntax(each).flags))
      return flags.filter((flag) => !known.has(flag)).map((flag) => `${client} ${words} ${flag}`)
    }),
  )
  expect(unknown).toEqual([])
  expect(Object.values(clients).map((commands) => Object.keys(commands).length)).toEqual([
    expect.any(Number),
    expect.any(Number),
    expect.any(Number),
  ])
})
