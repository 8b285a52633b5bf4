import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { program } from '../../command/tyrax.js'
import { scene } from './scene.js'

test('D16: a reader that closes the pipe ends the command without a word', async () => {
  await using at = await scene([])
  const child = spawn(process.execPath, [program, 'download', at.id, '--output', '-', '--progress', 'none'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: at.under.folder,
      OS_AUTH_URL: at.under.identity.url,
      OS_USERNAME: 'demo',
      OS_PASSWORD: 'secret',
      OS_PROJECT_NAME: 'demo',
      OS_USER_DOMAIN_NAME: 'Default',
      OS_PROJECT_DOMAIN_NAME: 'Default',
    },
  })
  const exited = once(child, 'exit')
  const said = child.stderr.toArray()
  await once(child.stdout, 'data')
  child.stdout.destroy()
  expect(await exited).toEqual([0, null])
  expect(Buffer.concat((await said) as Buffer[]).toString()).toBe('')
})
