import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const folder = fileURLToPath(new URL('.', import.meta.url))

const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('testing'),
)

test('nothing in the package needs Node, or anything beside itself', () => {
  expect(sources.length).toBeGreaterThan(20)
  const foreign = sources.flatMap((name) => {
    const source = readFileSync(`${folder}${name}`, 'utf8')
    return /\bfrom '(?!\.)|\b(?:Buffer|process|require)\b[.(]/.test(source) ? [name] : []
  })
  expect(foreign).toEqual([])
})
