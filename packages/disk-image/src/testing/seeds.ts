import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../../testkit/fixtures/', import.meta.url))

/** Small images made by real tools, by file name. */
export const seeds: ReadonlyMap<string, Uint8Array> = new Map(
  readdirSync(folder)
    .filter((name) => name.startsWith('tiny'))
    .map((name) => [name, new Uint8Array(readFileSync(`${folder}${name}`))]),
)

export function seed(name: string): Uint8Array {
  const bytes = seeds.get(name)
  if (!bytes) throw new Error(`There is no fixture ${name}.`)
  return bytes
}
