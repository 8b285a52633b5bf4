import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openGate } from './gate.js'

function open(isTTY: boolean) {
  const stream = Object.assign(new PassThrough(), { isTTY })
  return { stream, gate: openGate(() => stream), written: () => String(stream.read() ?? '') }
}

test('a gate shows on a terminal what it passes into a pipe', () => {
  const terminal = open(true)
  terminal.gate.write('a\u001B[31m\u202E\n')
  expect(terminal.written()).toBe('a\\x1b[31m\\u202e\n')
  terminal.gate.paint('\u001B[31ma\u001B[39m\u001B[2J\n')
  expect(terminal.written()).toBe('\u001B[31ma\u001B[39m\\x1b[2J\n')
  const pipe = open(false)
  pipe.gate.write('a\u001B[31m\u202E\n')
  expect(pipe.written()).toBe('a\u001B[31m\u202E\n')
})

test('a stream that takes no more is an error when it is flushed, and nowhere else', async () => {
  const { stream, gate } = open(false)
  gate.write('before')
  await gate.flush()
  stream.destroy(Object.assign(new Error('no space'), { code: 'ENOSPC', syscall: 'write' }))
  gate.write('lost')
  gate.write('lost as well')
  await expect(gate.flush()).rejects.toThrow('Standard output cannot be written: no space left on the device')
})

test('flushing waits for the bytes that a slow reader has not taken yet', async () => {
  const taken: string[] = []
  const waiting: (() => void)[] = []
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      waiting.push(() => (taken.push(String(chunk)), done()))
    },
  })
  const gate = openGate(() => stream)
  gate.bytes().write('one')
  gate.bytes().write('two')
  let isFlushed = false
  const flushed = gate.flush().then(() => (isFlushed = true))
  while (waiting.length > 0) {
    expect(isFlushed).toBe(false)
    waiting.shift()?.()
    await setImmediate()
  }
  await flushed
  expect(taken.join('')).toBe('onetwo')
})

test('nothing else writes to the process, or opens its streams', async () => {
  const folder = fileURLToPath(new URL('..', import.meta.url))
  const files = (await readdir(folder, { recursive: true })).filter((file) => /(?<!\.test)\.ts$/.test(file))
  const found: string[] = []
  for (const file of files) {
    const text = await readFile(path.join(folder, file), 'utf8')
    const uses = text.match(/\bconsole\.|\bprocess\.(?:stdout|stderr)|\.bytes\(\)|process\.emitWarning/gm) ?? []
    if (uses.length > 0 && !file.startsWith('testing'))
      found.push(`${file}: ${[...new Set(uses)].toSorted().join(' ')}`)
  }
  // The background process has no terminal: its stderr is a log file.
  expect(found.toSorted()).toEqual([
    'cloud/background/run-background.ts: process.stderr',
    'main.ts: process.stderr process.stdout',
    'transfer/to-stdout.ts: .bytes()',
  ])
})
