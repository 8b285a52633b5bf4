import { execFile } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'
import { root } from './blocks.js'

test('every type of a signature can be imported, every export has a docstring, and docs/api.md lists them', async () => {
  const script = path.join(root, 'scripts/api.mjs')
  const complaints = await new Promise<string>((resolve) => {
    execFile(process.execPath, [script, '--check'], (error, stdout, stderr) => {
      resolve(`${stdout}${stderr}` || (error?.message ?? ''))
    })
  })
  expect(complaints).toBe('')
})
