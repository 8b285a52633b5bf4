import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { randomFrom } from './mutations.mjs'

const endings = { xz: 'xz', zstd: 'zst', bzip2: 'bz2' }
const fixtures = fileURLToPath(new URL('../../testkit/fixtures/compressed/', import.meta.url))

/** The fixtures of one compression. */
export function fixtureSeeds(compression) {
  return readdirSync(fixtures)
    .toSorted()
    .filter((name) => name.endsWith(`.${endings[compression]}`) && !name.startsWith('wide'))
    .map((name) => ({ name, bytes: readFileSync(path.join(fixtures, name)) }))
}

/** Content of many kinds, small, so that many files can be compared. */
function contents() {
  const random = randomFrom(4711)
  const words = Array.from({ length: 300 }, () =>
    Math.floor(random(2 ** 31))
      .toString(36)
      .slice(0, 2 + random(6)),
  )
  const text = (count) => Array.from({ length: count }, () => words[random(random(words.length) + 1)]).join(' ')
  const noise = (count, below = 256) => Buffer.from(Array.from({ length: count }, () => random(below)))
  return {
    tiny: Buffer.from(text(12)),
    text: Buffer.from(text(700)),
    book: Buffer.from(text(6000)),
    skewed: Buffer.from(Array.from({ length: 9000 }, () => random(random(random(256) + 1) + 1))),
    nibbles: noise(5000, 16),
    noise: noise(700),
    zeros: Buffer.alloc(150_000),
    mixed: Buffer.concat([Buffer.from(text(300)), Buffer.alloc(3000, 7), noise(400), Buffer.from(text(300))]),
    code: readFileSync(path.join(fixtures, 'code.bin')),
    large: Buffer.concat(Array.from({ length: 60 }, () => Buffer.from(text(500)))),
  }
}

const options = {
  xz: [
    ['-0'],
    ['-6', '--check=none'],
    ['-9e', '--check=crc32'],
    ['-3', '--check=none', '--block-size=1000'],
    ['--check=none', '--lzma2=preset=6,lc=0,lp=4,pb=0,dict=4KiB'],
    ['--check=none', '--x86', '--lzma2=preset=1'],
    ['--check=none', '--delta=dist=4', '--arm64', '--lzma2'],
    ['-1', '--check=sha256'],
  ],
  bzip2: [['-1'], ['-9']],
  zstd: [
    ['-1'],
    ['-19', '--no-check'],
    ['--fast=5', '--no-check'],
    ['-3', '--no-check'],
    ['-6', '--no-check', '--no-content-size'],
    ['-3', '--no-check', '--zstd=wlog=10'],
    ['-3', '--no-check', '--no-content-size', '--zstd=wlog=10'],
    ['-19', '--no-check', '--no-content-size', '--zstd=wlog=12'],
    ['--ultra', '-22', '--no-check', '--long=27'],
    ['-12', '--check'],
    ['-3', '--no-check', '--no-compress-literals'],
    ['-1', '--no-check', '--compress-literals', '--no-content-size', '--zstd=tlen=4096'],
  ],
}

/** Files of one compression, made by its program in many ways, and some of them joined. */
export function madeSeeds(compression) {
  const seeds = []
  for (const [name, content] of Object.entries(contents())) {
    for (const each of options[compression]) {
      // From a pipe, the length of the content is not known.
      const sized =
        compression === 'zstd' && !each.includes('--no-content-size') ? [`--stream-size=${content.byteLength}`] : []
      const args = [...each.filter((option) => option !== '--no-content-size'), ...sized, '-q', '-c']
      seeds.push({
        name: `${name} ${each.join(' ')}`,
        bytes: execFileSync(compression, args, { input: content, maxBuffer: 2 ** 28 }),
      })
    }
  }
  const small = seeds.filter(({ bytes }) => bytes.byteLength < 3000)
  const joined = small.slice(1).map((seed, index) => ({
    name: `${small[index].name} + ${seed.name}`,
    bytes: Buffer.concat([small[index].bytes, ...between(compression, index), seed.bytes]),
  }))
  return [...seeds, ...joined]
}

function between(compression, index) {
  if (compression === 'xz') return [Buffer.alloc(4 * (index % 3))]
  return compression === 'zstd' && index % 2 === 0 ? [Buffer.from('502a4d18030000006f6f6f', 'hex')] : []
}
