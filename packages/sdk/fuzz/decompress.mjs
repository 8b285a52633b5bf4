// Compares the decoders with the programs that they stand for, on damaged files:
//   npm run build && node packages/sdk/fuzz/decompress.mjs [SEED [RUNS [xz|zstd|bzip2 …]]]
// Each file is one from testkit's fixtures with some bytes changed, removed, repeated or cut off. Both sides must take it
// with the same content, or both refuse it; only where the program takes damaged content for sound (frames of zstd without
// a checksum, what follows a bzip2 file) a decoder may refuse it. Prints where they differ, and keeps those files in a
// temporary folder. Versions of libzstd differ among themselves in what they make of damaged frames without a checksum.
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadOwnDecoder } from '../dist/sources/decompress/decoders.js'
import { nodeDecoder } from '../dist/node/decompress/node-decoder.js'
import { createZstdDecompress } from '../dist/node/decompress/unzstd.js'
import { agree, mutated, randomFrom, toolVerdict, verdict } from './mutations.mjs'

const [seed = '1', runs = '1000', ...chosen] = process.argv.slice(2)
const endings = { xz: 'xz', zstd: 'zst', bzip2: 'bz2' }
const fixtures = fileURLToPath(new URL('../../testkit/fixtures/compressed/', import.meta.url))
const files = readdirSync(fixtures)
  .filter((name) => /\.(xz|zst|bz2)$/.test(name) && !name.startsWith('wide'))
  .map((name) => ({ name, bytes: readFileSync(path.join(fixtures, name)) }))
const kept = mkdtempSync(path.join(tmpdir(), 'tyrax-fuzz-'))
const random = randomFrom(Number(seed))
let differences = 0

for (const compression of chosen.length > 0 ? chosen : Object.keys(endings)) {
  const bases = files
    .filter(({ name }) => name.endsWith(`.${endings[compression]}`))
    .map((file) => ({ ...file, content: toolVerdict(compression, file.bytes).content }))
  const decoders = { own: await loadOwnDecoder(compression) }
  if (compression === 'zstd' && createZstdDecompress) decoders.runtime = nodeDecoder(compression)
  const seen = { taken: 0, refused: 0 }
  for (let run = 0; run < Number(runs); run += 1) {
    const base = bases[random(bases.length)]
    const bytes = mutated(base.bytes, random)
    const tool = toolVerdict(compression, bytes)
    seen[tool.content ? 'taken' : 'refused'] += 1
    for (const [kind, decoder] of Object.entries(decoders)) {
      const found = await verdict(decoder, bytes)
      if (agree(found, tool, base.content)) continue
      differences += 1
      const file = path.join(kept, `${compression}-${seed}-${run}`)
      writeFileSync(file, bytes)
      process.stdout.write(`${file} (${base.name}): ${kind} ${said(found)}; ${compression} ${said(tool)}\n`)
    }
  }
  process.stdout.write(`${compression}: ${runs} damaged files, of which ${compression} takes ${seen.taken}\n`)
}
process.stdout.write(differences === 0 ? 'no differences\n' : `${differences} differences\n`)
process.exitCode = differences === 0 ? 0 : 1

function said({ content, why }) {
  return content ? `takes ${content.byteLength} bytes` : `refuses it (${why})`
}
