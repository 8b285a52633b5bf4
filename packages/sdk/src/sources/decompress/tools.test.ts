import { spawnSync } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
// The same as the long comparison makes, which is run by hand.
import { agree, mutated, randomFrom, toolVerdict, verdict } from '../../../fuzz/mutations.mjs'
import { nodePlatform } from '../../node/platform/node-platform.js'
import { compressedPath, readCompressed } from '../../testing/compressed-fixtures.js'
import { loadOwnDecoder, type OwnCompression } from './decoders.js'

const formats: readonly [OwnCompression, string][] = [
  ['xz', 'xz'],
  ['zstd', 'zst'],
  ['bzip2', 'bz2'],
]

/** Versions of libzstd differ in what they make of damaged data without a checksum. */
const unchecked = ['frames.zst', 'unchecked.zst']

test.each(formats)(
  'where %s(1) is installed, it and the decoders say the same of damaged .%s files',
  async (compression, ending) => {
    if (spawnSync(compression, ['--help']).error) return
    const own = await loadOwnDecoder(compression)
    const names = (await readdir(path.dirname(compressedPath('any'))))
      .filter((name) => name.endsWith(`.${ending}`) && !name.startsWith('wide'))
      .toSorted()
    const random = randomFrom(27)
    for (const name of names) {
      const bytes = await readCompressed(name)
      const { content } = toolVerdict(compression, bytes)
      for (let i = 0; i < 6; i += 1) {
        const damaged = mutated(bytes, random)
        const tool = toolVerdict(compression, damaged)
        expect([name, i, agree(await verdict(own, damaged), tool, content)]).toEqual([name, i, true])
        if (i > 0 || compression !== 'zstd' || unchecked.includes(name)) continue
        // What the runtime has, where it has something.
        const found = await verdict(nodePlatform.decoder(compression), damaged)
        expect([name, i, agree(found, tool, content)]).toEqual([name, i, true])
      }
    }
  },
)
