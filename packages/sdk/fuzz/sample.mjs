import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { mutated, randomFrom } from './mutations.mjs'
import { fixtureSeeds } from './seeds.mjs'

const fileCount = 240

/** Damaged files, made of the fixtures, the same every time. */
export function damagedSample(compression) {
  const random = randomFrom(27)
  const seeds = fixtureSeeds(compression)
  const others = seeds.map(({ bytes }) => bytes)
  return Array.from({ length: fileCount }, (_, index) => {
    const { name, bytes } = seeds[index % seeds.length]
    return { name, bytes: mutated(bytes, random, others) }
  })
}

/** What was made of a file, in a few letters. */
export function shortVerdict({ content }) {
  return content ? createHash('sha256').update(content).digest('hex').slice(0, 12) : 'refused'
}

/** Where it is written down what the program makes of the sample. */
export const verdictsPath = (compression) =>
  fileURLToPath(new URL(`../../testkit/fixtures/compressed/damaged-${compression}.txt`, import.meta.url))
