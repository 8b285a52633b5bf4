import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
// The same mutations as in the long comparison, which is run by hand.
import { mutated, randomFrom } from '../../../fuzz/mutations.mjs'
import { damagedSample, shortVerdict, verdictsPath } from '../../../fuzz/sample.mjs'
import { fixtureSeeds } from '../../../fuzz/seeds.mjs'
import { agree, toolVerdicts, verdict } from '../../../fuzz/verdicts.mjs'
import { nodePlatform } from '../../node/platform/node-platform.js'
import { loadOwnDecoder, type OwnCompression } from './decoders.js'

const compressions: readonly OwnCompression[] = ['xz', 'zstd', 'bzip2']

/** Needs a larger dictionary than any decoder is allowed. */
const beyond = new Set(['dictionary.xz'])

test.each(compressions)(
  'of damaged %s files the decoder makes what its program was seen to make',
  async (compression) => {
    const decoder = await loadOwnDecoder(compression)
    const found: string[] = []
    for (const { name, bytes } of damagedSample(compression)) {
      found.push(`${name} ${shortVerdict(await verdict(decoder, bytes))}`)
    }
    const recorded = readFileSync(verdictsPath(compression), 'utf8').trimEnd().split('\n')
    const isWithin = (line: string) => !beyond.has(line.split(' ', 1)[0] ?? '')
    expect(found.filter(isWithin)).toEqual(recorded.filter(isWithin))
  },
)

/** Versions of zstd treat damaged frames without a checksum differently; the decoder follows this one. */
const isComparable = (compression: OwnCompression): boolean => {
  if (spawnSync(compression, ['--help']).error) return false
  return compression !== 'zstd' || / v1\.5\.4,/.test(execFileSync('zstd', ['--version'], { encoding: 'utf8' }))
}

test.each(compressions)(
  'where %s(1) is installed, it and the decoder say the same of damaged files',
  async (compression) => {
    if (!isComparable(compression)) return
    const decoder = await loadOwnDecoder(compression)
    const random = randomFrom(4)
    const seeds = fixtureSeeds(compression).filter(({ name }) => !beyond.has(name))
    const files = seeds.flatMap(({ bytes }) => Array.from({ length: 3 }, () => mutated(bytes, random)))
    const own: string[] = []
    for (const damaged of files) own.push(shortVerdict(await verdict(decoder, damaged)))
    expect(own).toEqual((await toolVerdicts(compression, files)).map(shortVerdict))
  },
)

/** Files without checksums: the runtime's zstd may have another version than the one that the decoder follows. */
const unchecked = /^(frames|unchecked|literals.*|ring)\.zst$/

test('damaged zstd files with a checksum are the same to the decoder and to what the runtime has', async () => {
  const own = await loadOwnDecoder('zstd')
  const random = randomFrom(5)
  for (const { name, bytes } of fixtureSeeds('zstd')) {
    if (unchecked.test(name)) continue
    const damaged = mutated(bytes, random)
    const found = await verdict(nodePlatform.decoder('zstd'), damaged)
    expect([name, agree(found, await verdict(own, damaged))]).toEqual([name, true])
  }
})
