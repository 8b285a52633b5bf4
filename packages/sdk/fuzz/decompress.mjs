// Compares the decoders with the programs that they stand for, on damaged files:
//   npm run build && node packages/sdk/fuzz/decompress.mjs [SEED [RUNS [xz|zstd|bzip2 …]]]
// Each file is a sound one with some bytes changed, removed, repeated, inserted, appended or cut off; every other one has
// its checksums put right again. Both sides must take it with the same content, or both refuse it. Prints where they
// differ, and keeps those files in a temporary folder.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { loadOwnDecoder } from '../dist/sources/decompress/decoders.js'
import { mutated, randomFrom } from './mutations.mjs'
import { resealed } from './resealed.mjs'
import { fixtureSeeds, madeSeeds } from './seeds.mjs'
import { agree, hastyVerdicts, toolVerdicts, verdict } from './verdicts.mjs'

const batchSize = 250
const [seed = '1', runs = '1000', ...chosen] = process.argv.slice(2)
const kept = mkdtempSync(path.join(tmpdir(), 'tyrax-fuzz-'))
const random = randomFrom(Number(seed))
let differences = 0

for (const compression of chosen.length > 0 ? chosen : ['xz', 'zstd', 'bzip2']) {
  const seeds = [...fixtureSeeds(compression), ...madeSeeds(compression)]
  const others = seeds.map(({ bytes }) => bytes)
  const decoder = await loadOwnDecoder(compression)
  let taken = 0
  for (let run = 0; run < Number(runs); run += batchSize) {
    const batch = Array.from({ length: Math.min(batchSize, Number(runs) - run) }, () => {
      const { name, bytes } = seeds[random(seeds.length)]
      const damaged = mutated(bytes, random, others)
      return { name, bytes: random(2) === 0 ? damaged : resealed(compression, damaged) }
    })
    const pending = hastyVerdicts(
      compression,
      batch.map(({ bytes }) => bytes),
    )
    const own = []
    for (const { bytes } of batch) own.push(await verdict(decoder, bytes))
    for (const [index, hasty] of (await pending).entries()) {
      const { name, bytes } = batch[index]
      const isSame = agree(own[index], hasty)
      const tool = isSame ? hasty : (await toolVerdicts(compression, [bytes]))[0]
      taken += tool.content ? 1 : 0
      if (isSame || agree(own[index], tool) || isTooLarge(own[index])) continue
      differences += 1
      const file = path.join(kept, `${compression}-${seed}-${run + index}`)
      writeFileSync(file, bytes)
      process.stdout.write(`${file} (${name}): own ${said(own[index])}; ${compression} ${said(tool)}\n`)
    }
  }
  process.stdout.write(`${compression}: ${runs} damaged files, of which ${compression} takes ${taken}\n`)
}
process.stdout.write(differences === 0 ? 'no differences\n' : `${differences} differences\n`)
process.exitCode = differences === 0 ? 0 : 1

/** The only thing that is refused and its program takes: a dictionary that needs too much memory. */
function isTooLarge({ why }) {
  return /needs a dictionary of/.test(why ?? '')
}

function said({ content, why }) {
  return content ? `takes ${content.byteLength} bytes` : `refuses it (${why})`
}
