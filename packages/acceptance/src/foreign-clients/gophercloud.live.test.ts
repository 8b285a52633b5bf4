import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fixturePath, runCommand } from '@tyrax/testkit'
import { type Subject, subjects } from './subject.js'

const go = spawnSync('go', ['version']).status === 0
if (!go)
  console.warn('gophercloud is NOT RUN: there is no Go here. Install Go 1.25 or newer (https://go.dev/dl) to run it.')

// Reported as skipped without Go, which nothing else here needs.
describe.runIf(go).each(subjects)('gophercloud works on $name', ({ start }) => {
  let subject: Subject

  beforeAll(async () => {
    subject = await start()
  })
  afterAll(() => subject.close())

  test('a program manages images, members and objects', async () => {
    const source = fileURLToPath(new URL('gophercloud', import.meta.url))
    const program = path.join(subject.folder, 'gophercloud')
    await runCommand('go', ['build', '-o', program, '.'], { cwd: source, timeoutSeconds: 240 })
    const env = { PATH: process.env['PATH'], HOME: subject.folder, OS_CLIENT_CONFIG_FILE: subject.cloudsYaml }
    const args = [subject.demo.cloud, subject.alt.cloud, fixturePath('qcow2')]
    expect(await runCommand(program, args, { env })).toBe('done\n')
  })
})
