import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DetectedFormat, type Inspection, judge } from './index.js'
import { inspectBytes, inspectFile, streamFile } from './testing/file-image.js'

const run = promisify(execFile)

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tyrax-formats-'))
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

interface QemuInfo {
  readonly 'virtual-size': number
  readonly 'cluster-size'?: number
  readonly format: string
  readonly encrypted?: boolean
  readonly 'backing-filename'?: string
  readonly snapshots?: readonly unknown[]
  readonly 'format-specific'?: { readonly data: Readonly<Record<string, unknown>> }
}

async function qemuInfo(file: string, driver?: string): Promise<QemuInfo> {
  const as = driver === undefined ? [] : ['-f', driver]
  const { stdout } = await run('qemu-img', ['info', '--output=json', ...as, file], { cwd: folder })
  return JSON.parse(stdout) as QemuInfo
}

const qemuName = new Map<DetectedFormat, string>([
  ['vhd', 'vpc'],
  ['ploop', 'parallels'],
])

interface Variant {
  readonly format: DetectedFormat
  readonly options?: string
  readonly size?: string
  readonly more?: readonly string[]
  /** Whether Glance's inspector lets it pass. */
  readonly safe?: boolean
}

const secret = ['--object', 'secret,id=key,data=tyrax-secret']

const variants: Readonly<Record<string, Variant>> = {
  'qcow2 of version 2': { format: 'qcow2', options: 'compat=0.10' },
  'qcow2 of version 3': { format: 'qcow2', options: 'compat=1.1' },
  ...Object.fromEntries(
    Array.from({ length: 13 }, (_, bits) => 512 * 2 ** bits).map((bytes): [string, Variant] => [
      `qcow2 with clusters of ${bytes} bytes`,
      { format: 'qcow2', options: `cluster_size=${bytes}` },
    ]),
  ),
  ...Object.fromEntries(
    [1, 2, 4, 8, 16, 32, 64].map((bits): [string, Variant] => [
      `qcow2 with reference counts of ${bits} bits`,
      { format: 'qcow2', options: `refcount_bits=${bits}` },
    ]),
  ),
  'qcow2 with lazy reference counts': { format: 'qcow2', options: 'lazy_refcounts=on' },
  'qcow2 with zstd compression': { format: 'qcow2', options: 'compression_type=zstd' },
  'qcow2 with subclusters': { format: 'qcow2', options: 'extended_l2=on', safe: false },
  'qcow2 with its metadata allocated': { format: 'qcow2', options: 'preallocation=metadata' },
  'qcow2 with all of it allocated': { format: 'qcow2', options: 'preallocation=falloc', size: '4M' },
  'qcow2 with all of it written': { format: 'qcow2', options: 'preallocation=full', size: '4M' },
  'qcow2 of version 2 with its metadata allocated': { format: 'qcow2', options: 'compat=0.10,preallocation=metadata' },
  'qcow2 with its metadata allocated in small clusters': {
    format: 'qcow2',
    options: 'preallocation=metadata,cluster_size=512',
  },
  'qcow2 with its metadata allocated in large clusters': {
    format: 'qcow2',
    options: 'preallocation=metadata,cluster_size=2M',
    size: '10000384',
  },
  'qcow2 with subclusters and its metadata allocated': {
    format: 'qcow2',
    options: 'extended_l2=on,preallocation=metadata',
    safe: false,
  },
  'qcow2 of 100 GiB': { format: 'qcow2', size: '100G' },
  'qcow2 of 32 TiB': { format: 'qcow2', size: '32T' },
  'qcow2 of nothing': { format: 'qcow2', size: '0' },
  'qcow2 of an odd size': { format: 'qcow2', size: '1000000' },
  'qcow2 over a base': { format: 'qcow2', options: 'backing_file=base.raw,backing_fmt=raw', safe: false },
  'qcow2 of version 2 over a base': {
    format: 'qcow2',
    options: 'compat=0.10,backing_file=base.raw,backing_fmt=raw',
    safe: false,
  },
  'qcow2 with an external data file': { format: 'qcow2', options: 'data_file=data.raw', safe: false },
  'qcow2 with a raw external data file': {
    format: 'qcow2',
    options: 'data_file=data-raw.raw,data_file_raw=on',
    safe: false,
  },
  'qcow2 with LUKS': {
    format: 'qcow2',
    options: 'encrypt.format=luks,encrypt.key-secret=key,encrypt.iter-time=10',
    more: secret,
  },
  'qcow2 with the old AES': { format: 'qcow2', options: 'encrypt.format=aes,encrypt.key-secret=key', more: secret },
  'qcow 1': { format: 'qcow', safe: false },
  'qcow 1 over a base': { format: 'qcow', options: 'backing_file=base.raw,backing_fmt=raw', safe: false },
  'qcow 1 with AES': {
    format: 'qcow',
    options: 'encrypt.format=aes,encrypt.key-secret=key',
    more: secret,
    safe: false,
  },
  qed: { format: 'qed', safe: false },
  'qed with large clusters': { format: 'qed', options: 'cluster_size=1M,table_size=4', safe: false },
  'qed over a base': { format: 'qed', options: 'backing_file=base.raw,backing_fmt=raw', safe: false },
  'vmdk monolithicSparse': { format: 'vmdk', options: 'subformat=monolithicSparse' },
  'vmdk monolithicSparse of version 6': { format: 'vmdk', options: 'subformat=monolithicSparse,compat6=on' },
  'vmdk monolithicSparse for hardware 14': { format: 'vmdk', options: 'hwversion=14,adapter_type=lsilogic' },
  'vmdk with zeroed grains': { format: 'vmdk', options: 'zeroed_grain=on' },
  'vmdk of 3 TiB': { format: 'vmdk', size: '3T' },
  'vmdk over a base': { format: 'vmdk', options: 'backing_file=base.vmdk,backing_fmt=vmdk' },
  'vmdk streamOptimized': { format: 'vmdk', options: 'subformat=streamOptimized' },
  'vmdk monolithicFlat': { format: 'vmdk', options: 'subformat=monolithicFlat', safe: false },
  'vmdk twoGbMaxExtentSparse': { format: 'vmdk', options: 'subformat=twoGbMaxExtentSparse', size: '5G', safe: false },
  'vmdk twoGbMaxExtentFlat': { format: 'vmdk', options: 'subformat=twoGbMaxExtentFlat', size: '5G', safe: false },
  'vhd dynamic': { format: 'vhd' },
  'vhd dynamic of exactly the size asked': { format: 'vhd', options: 'force_size=on' },
  'vhd dynamic of 2000 GiB': { format: 'vhd', size: '2000G' },
  'vhd fixed': { format: 'vhd', options: 'subformat=fixed', size: '10M' },
  'vhd fixed of exactly the size asked': { format: 'vhd', options: 'subformat=fixed,force_size=on', size: '10M' },
  'vhdx dynamic': { format: 'vhdx' },
  'vhdx fixed': { format: 'vhdx', options: 'subformat=fixed' },
  'vhdx with small blocks': { format: 'vhdx', options: 'block_size=1M' },
  'vhdx with large blocks and a large log': { format: 'vhdx', options: 'block_size=256M,log_size=4M' },
  'vhdx of 10 TiB': { format: 'vhdx', size: '10T' },
  'vdi dynamic': { format: 'vdi' },
  'vdi static': { format: 'vdi', options: 'static=on' },
  'vdi of 4 TiB': { format: 'vdi', size: '4T' },
  ploop: { format: 'ploop' },
  'ploop with large clusters': { format: 'ploop', options: 'cluster_size=4M' },
  'LUKS 1': { format: 'luks', options: 'key-secret=key,iter-time=10', more: secret },
}

const unitNames = ['clusterSizeBytes', 'blockSizeBytes']

/** What both report about a format, in addition to what they report about every format. */
function ourFacts({ format, details, dataFile }: Inspection): Readonly<Record<string, unknown>> {
  if (format === 'qcow2')
    return {
      version: details['version'],
      clusterSizeBytes: details['clusterSizeBytes'],
      refcountBits: details['refcountBits'],
      compression: details['compression'],
      dataFile,
    }
  if (format === 'vmdk') return { subformat: details['subformat'] }
  if (format === 'luks') return { payloadOffsetBytes: details['payloadOffsetBytes'] }
  return unitFormats.has(format) ? { unit: unitNames.map((name) => details[name]).find(Boolean) } : {}
}

const unitFormats = new Set<DetectedFormat>(['qcow', 'qed', 'vhdx'])

function qemuFacts(info: QemuInfo, format: DetectedFormat): Readonly<Record<string, unknown>> {
  const data = info['format-specific']?.data ?? {}
  if (format === 'qcow2')
    return {
      version: data['compat'] === '0.10' ? 2 : 3,
      clusterSizeBytes: info['cluster-size'],
      refcountBits: data['refcount-bits'],
      compression: data['compression-type'],
      dataFile: data['data-file'],
    }
  if (format === 'vmdk') return { subformat: data['create-type'] }
  if (format === 'luks') return { payloadOffsetBytes: data['payload-offset'] }
  return unitFormats.has(format) ? { unit: info['cluster-size'] } : {}
}

const refusals = (inspection: Inspection): readonly string[] =>
  judge(inspection)
    .problems.filter(({ severity }) => severity === 'refused')
    .map(({ code }) => code)

const made = new Map<string, Promise<string>>()

/** Creates the variant in the folder, once; returns its file name. */
function make(name: string, variant: Variant): Promise<string> {
  const file = made.get(name) ?? makeNew(name, variant)
  made.set(name, file)
  return file
}

async function makeNew(name: string, { format, options, size, more }: Variant): Promise<string> {
  const driver = qemuName.get(format) ?? format
  const file = `${name.replaceAll(/[^a-z0-9]+/gi, '-')}.${driver}`
  const settings = options === undefined ? [] : ['-o', options]
  const length = options?.includes('backing_file') === true ? [] : [size ?? '64M']
  await create(['-f', driver, ...(more ?? []), ...settings, file, ...length])
  return file
}

/** For LUKS, qemu-img measures the processor, which sometimes fails on a busy machine. */
async function create(args: readonly string[], triesLeft = 50): Promise<void> {
  try {
    await run('qemu-img', ['create', '-q', ...args], { cwd: folder })
  } catch (error) {
    if (triesLeft === 0 || !String(error).includes('accurate CPU usage')) throw error
    await create(args, triesLeft - 1)
  }
}

describe('agrees with qemu-img on', () => {
  beforeAll(async () => {
    await run('qemu-img', ['create', '-q', '-f', 'raw', 'base.raw', '16M'], { cwd: folder })
    await run('qemu-img', ['create', '-q', '-f', 'vmdk', 'base.vmdk', '16M'], { cwd: folder })
  })

  test.each(Object.entries(variants))('%s', async (name, variant) => {
    const file = await make(name, variant)
    const driver = qemuName.get(variant.format) ?? variant.format
    // qemu-img does not recognise a fixed VHD either, unless the format is specified.
    const info = await qemuInfo(file, driver)
    const { inspection, bytesRead } = await inspectFile(join(folder, file))

    expect(inspection.format).toBe(variant.format)
    expect(inspection.virtualSizeBytes).toBe(info['virtual-size'])
    expect(inspection.encrypted).toBe(info.encrypted ?? false)
    expect(inspection.backingFile).toBe(info['backing-filename'])
    expect(inspection.safety.safe).toBe(variant.safe ?? true)
    expect(inspection).not.toHaveProperty('truncated')
    const isRight = (variant.safe ?? true) && variant.options?.includes('backing_file') !== true
    expect(refusals(inspection)).toHaveLength(isRight ? 0 : 1)
    expect(bytesRead).toBeLessThanOrEqual(2 * 1024 * 1024)
    expect(ourFacts(inspection)).toEqual(qemuFacts(info, inspection.format))
  })

  // Except those whose sparse files would stream gigabytes.
  const streamed = Object.entries(variants).filter(([, { size }]) => size === undefined || !/[GT]$/.test(size))

  test.each(streamed)('%s, in one pass', async (name, variant) => {
    const file = join(folder, await make(name, variant))
    expect(await streamFile(file, 65_537)).toEqual((await inspectFile(file)).inspection)
  })

  test('a qcow2 with snapshots and a bitmap', async () => {
    await run('qemu-img', ['create', '-q', '-f', 'qcow2', 'snapshots.qcow2', '8M'], { cwd: folder })
    for (const name of ['one', 'two'])
      await run('qemu-img', ['snapshot', '-c', name, 'snapshots.qcow2'], { cwd: folder })
    await run('qemu-img', ['bitmap', '--add', 'snapshots.qcow2', 'changes'], { cwd: folder })
    const info = await qemuInfo('snapshots.qcow2')
    const { inspection } = await inspectFile(join(folder, 'snapshots.qcow2'))
    expect(inspection.details['snapshots']).toBe(info.snapshots?.length)
    expect(inspection.details['autoclearFeatures']).toEqual(['bitmaps'])
    expect(inspection.safety.safe).toBe(true)
  })

  test.each([
    ['qcow2', []],
    ['qcow2', ['-c']],
    ['qcow2', ['-c', '-o', 'compression_type=zstd']],
    ['vmdk', ['-o', 'subformat=streamOptimized']],
    ['vpc', ['-o', 'force_size=on']],
    ['vdi', []],
    ['vhdx', []],
    ['qed', []],
    ['parallels', []],
  ])('a converted disk with content: %s %j', async (driver, options) => {
    const source = join(folder, 'content.raw')
    await writeFile(
      source,
      Uint8Array.from({ length: 3 * 1024 * 1024 }, (_, at) => (at * 2654435761) >>> 13),
    )
    const target = `content.${driver}`
    await run('qemu-img', ['convert', '-f', 'raw', '-O', driver, ...options, source, target], { cwd: folder })
    const info = await qemuInfo(target, driver)
    const { inspection } = await inspectFile(join(folder, target))
    expect(qemuName.get(inspection.format) ?? inspection.format).toBe(info.format)
    expect(inspection.virtualSizeBytes).toBe(info['virtual-size'])
    expect(inspection.safety.warnings).toEqual([])
    expect(await streamFile(join(folder, target), 8192)).toEqual(inspection)
    expect(inspection).not.toHaveProperty('truncated')
    // Half of it is missing: in every format, its tables refer to what is gone.
    const bytes = await readFile(join(folder, target))
    const cut = await inspectBytes(bytes.subarray(0, bytes.length / 2))
    expect(cut.truncated?.isSure).toBe(driver === 'qed' ? undefined : true)
  })

  test('disks that were written to, grown and left with snapshots are whole', async () => {
    const disks = [
      ['qcow2', 'cluster_size=512'],
      ['qcow2', 'cluster_size=2M'],
      ['qcow2', 'extended_l2=on'],
      ['qcow2', 'compat=0.10'],
      ['vmdk', 'subformat=monolithicSparse'],
      ['vpc', 'force_size=on'],
      ['vhdx', 'block_size=8M'],
      ['vdi', 'static=off'],
      ['parallels', 'cluster_size=64k'],
    ] as const
    for (const [index, [driver, options]] of disks.entries()) {
      const file = `written-${index}.${driver}`
      await run('qemu-img', ['create', '-q', '-f', driver, '-o', options, file, '64M'], { cwd: folder })
      // Writes the last byte of the disk first, so that the cluster that is allocated last is not the last one of the
      // disk.
      const writes = [
        'write -P 7 67108352 512',
        'write -P 1 0 65536',
        'write -z 131072 65536',
        'write -P 3 33554432 512',
      ]
      for (const write of writes) await run('qemu-io', ['-f', driver, '-c', write, file], { cwd: folder })
      if (driver === 'qcow2') {
        await run('qemu-img', ['snapshot', '-c', 'one', file], { cwd: folder })
        await run('qemu-io', ['-f', driver, '-c', 'write -P 9 1048576 512', '-c', 'discard 0 65536', file], {
          cwd: folder,
        })
        if (options !== 'compat=0.10') await run('qemu-img', ['resize', '-q', file, '900M'], { cwd: folder })
        await run('qemu-io', ['-f', driver, '-c', 'write -P 5 50331648 512', file], { cwd: folder })
      }
      const { inspection, bytesRead } = await inspectFile(join(folder, file))
      expect([file, options, inspection.truncated]).toEqual([file, options, undefined])
      expect(bytesRead).toBeLessThanOrEqual(2 * 1024 * 1024)
    }
  })
})
