import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { glanceVerdict, judge } from './index.js'
import { bootSector, image } from './testing/build.js'
import { inspectFile, streamFile } from './testing/file-image.js'
import { hostile } from './testing/hostile.js'
import { seeds } from './testing/seeds.js'

const run = promisify(execFile)
const script = fileURLToPath(new URL('testing/glance-inspector.py', import.meta.url))
const declared = ['raw', 'qcow2', 'vmdk', 'vhd', 'vhdx', 'vdi', 'iso', 'ploop', 'ami', 'aki', 'ari']
const qemuVariants: readonly (readonly [string, string])[] = [
  ['qcow2', 'compat=0.10'],
  ['qcow2', 'extended_l2=on'],
  ['qcow2', 'data_file=data.raw'],
  ['qcow2', 'compression_type=zstd'],
  ['qcow2', 'backing_file=base.raw,backing_fmt=raw'],
  ['qcow', 'backing_file=base.raw,backing_fmt=raw'],
  ['qed', 'backing_file=base.raw,backing_fmt=raw'],
  ['vmdk', 'subformat=monolithicFlat'],
  ['vmdk', 'subformat=streamOptimized'],
  ['vmdk', 'subformat=twoGbMaxExtentSparse'],
  ['vpc', 'subformat=fixed'],
  ['vhdx', 'subformat=fixed'],
  ['vdi', 'static=on'],
  ['parallels', 'cluster_size=1M'],
]

interface GlanceAnswer {
  readonly accepted: boolean
  readonly virtualSizeBytes?: number | null
}

let folder: string
let answers: Readonly<Record<string, Readonly<Record<string, GlanceAnswer>>>>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tyrax-glance-'))
  await run('qemu-img', ['create', '-q', '-f', 'raw', 'base.raw', '1M'], { cwd: folder })
  for (const [index, [driver, options]] of qemuVariants.entries())
    await run('qemu-img', ['create', '-q', '-f', driver, '-o', options, `made-${index}-${driver}`, '1M'], {
      cwd: folder,
    })
  for (const [name, bytes] of seeds) await writeFile(join(folder, name), bytes)
  await copyFile(script, join(folder, 'text'))
  const iso = seeds.get('tiny.iso') ?? new Uint8Array(0)
  const disguise = [0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3]
  const crafted = {
    empty: new Uint8Array(0),
    kernel: image(5000, { 0: 'MZ', 510: '\x55\xaa' }),
    'hybrid.iso': image(iso.length, { 0: iso, ...bootSector }),
    'disguised.iso': Uint8Array.from(iso, (byte, at) => disguise[at] ?? byte),
    luks1: image(100_000, { 0: 'LUKS\xba\xbe\0\x01', 106: '\0\x08' }),
    luks2: image(100_000, { 0: 'LUKS\xba\xbe\0\x02' }),
    gzip: image(5000, { 0: '\x1f\x8b\x08', 510: '\x55\xaa' }),
    udf: image(100_000, { 32_768: '\0BEA01', 34_816: '\0NSR03' }),
    udfFirst: image(100_000, { 32_768: '\0NSR03' }),
    'page.html': new TextEncoder().encode('<html><head><title>404 Not Found</title></head></html>'),
    lz4: image(5000, { 0: '\x04\x22\x4d\x18', 510: '\x55\xaa' }),
    'hybrid.gpt': Uint8Array.from(seeds.get('tiny-gpt.raw') ?? [], (byte, at) => (at === 466 ? 0x83 : byte)),
    future: image(70_000, { 0: 'QFI\xfb', 7: '\x03', 72: '\x80', 100: '\0\0\0\x68' }),
    newest: image(70_000, { 0: 'QFI\xfb', 7: '\x04', 100: '\0\0\0\x68' }),
  }
  for (const [name, bytes] of Object.entries(crafted)) await writeFile(join(folder, name), bytes)
  const damaged = fc.sample(hostile, { numRuns: 250, seed: 20_160_101 })
  for (const [index, bytes] of damaged.entries()) await writeFile(join(folder, `damaged-${index}`), bytes)
  const { stdout } = await run(join(inject('openstack').bin, 'python'), [script, folder, ...declared], {
    maxBuffer: 64 * 1024 * 1024,
  })
  answers = JSON.parse(stdout) as typeof answers
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

test("the verdict on an upload is that of Glance's own code, for every declared format", async () => {
  const ours: Record<string, Record<string, GlanceAnswer>> = {}
  const theirs: typeof ours = {}
  for (const name of await readdir(folder)) {
    const inspection = await streamFile(join(folder, name), 65_536)
    for (const format of declared) {
      const verdict = glanceVerdict(format, inspection)
      const answer = answers[name]?.[format]
      const isCounted = format !== 'raw' || !name.startsWith('damaged')
      const key = `${name} (${inspection.format})`
      ;(ours[key] ??= {})[format] = plain(verdict, isCounted)
      ;(theirs[key] ??= {})[format] = plain(answer ?? { accepted: false }, isCounted)
    }
  }
  expect(Object.keys(theirs).length).toBeGreaterThan(250)
  expect(ours).toEqual(theirs)
})

test('what Glance refuses is refused before it is sent, whatever it is declared as', async () => {
  for (const name of await readdir(folder)) {
    const { inspection } = await inspectFile(join(folder, name))
    const mistaken = declared.filter((diskFormat) => {
      const refusals = judge(inspection, { diskFormat }).problems.filter(({ severity }) => severity === 'refused')
      const answer = answers[name]?.[diskFormat]
      return answer && !answer.accepted && refusals.length === 0
    })
    expect({ name, mistaken }).toEqual({ name, mistaken: [] })
    const { diskFormat, problems } = judge(inspection)
    const isRefused = problems.some(({ severity }) => severity === 'refused')
    const isTaken = diskFormat !== undefined && (answers[name]?.[diskFormat]?.accepted ?? false)
    expect({ name, diskFormat, isFine: isRefused || isTaken }).toEqual({ name, diskFormat, isFine: true })
  }
})

test('so is the verdict after a few reads', async () => {
  for (const name of seeds.keys()) {
    const { inspection } = await inspectFile(join(folder, name))
    for (const format of declared)
      expect(plain(glanceVerdict(format, inspection))).toEqual(plain(answers[name]?.[format] ?? { accepted: false }))
  }
})

/**
 * Not compared: sizes that exceed a safe integer, and the size for `raw` of damaged images, where Glance counts only
 * the bytes up to where its inspector gave up.
 */
function plain(answer: GlanceAnswer, isCounted = true): GlanceAnswer {
  if (!answer.accepted || !isCounted) return { accepted: answer.accepted }
  const size = answer.virtualSizeBytes ?? null
  return { accepted: true, virtualSizeBytes: Number.isSafeInteger(size) ? size : null }
}
