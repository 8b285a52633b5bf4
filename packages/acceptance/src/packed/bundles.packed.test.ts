import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { type EmbeddedCloud, startCloud } from '@tyrax/server'
import { bundle, filesOf, pageBundlers, serverBundlers } from './bundle.js'
import { node } from './compile.js'
import { runPage } from './run-page.js'

const { page: project, tools } = inject('projects')
const fixtures = fileURLToPath(new URL('../../../testkit/fixtures/', import.meta.url))
const compressed = path.join(fixtures, 'compressed/disk.xz')
const raw = await readFile(path.join(fixtures, 'tiny-gpt.raw'))

/** The limits that docs/browsers.md promises. esbuild keeps more of what is shared in the first file. */
const mostBytesAtStart = (bundler: string) => (bundler.startsWith('esbuild') ? 73 : 68) * 1024

const withoutThread = 'esbuild without an entry for the thread'

describe.each(Object.entries(pageBundlers))('a page, by %s', (name, bundler) => {
  test('is bundled without a complaint, starts small, transfers and decompresses', async () => {
    const { complaints, folder } = await bundle(bundler, project, 'browser-app.mjs', tools)
    expect(complaints).toEqual([])
    const files = await filesOf(folder)
    const scripts = new Map([...files].filter(([file]) => file.endsWith('.js')))
    for (const [file, bytes] of scripts) {
      expect(Buffer.from(bytes).toString(), file).not.toMatch(/["'`]node:|\brequire\(/)
    }

    const run = await runPage(new Map([...files, ['disk.xz', await readFile(compressed)]]))
    const { result, atStart, missing, threads, bytesFromThreads, failures } = run
    const loaded = atStart.flatMap((file) => scripts.get(file) ?? [])
    expect(loaded.length).toBeGreaterThan(0)
    const startBytes = loaded.reduce((sum, bytes) => sum + gzipSync(bytes, { level: 9 }).length, 0)
    expect(startBytes).toBeLessThanOrEqual(mostBytesAtStart(name))

    expect(result).toMatchObject({
      listed: ['plain active', 'unpacked active'],
      plain: { verdict: 'verified', isWhole: true },
      unpacked: {
        verdict: 'verified',
        decompressed: 'xz',
        diskFormat: 'raw',
        sha256: createHash('sha256').update(raw).digest('hex'),
      },
    })
    expect(result.progress.at(-1)).toBe(6 * 1024 * 1024)
    expect(result.progress.toSorted((a, b) => a - b)).toEqual(result.progress)
    expect(new Set(result.progress).size).toBeGreaterThan(1)

    expect(threads).toHaveLength(1)
    // If the thread's file is missing, the page decompresses by itself.
    expect({ isThere: scripts.has(threads[0] ?? ''), missing, bytesFromThreads }).toEqual(
      name === withoutThread
        ? { isThere: false, missing: threads, bytesFromThreads: 0 }
        : { isThere: true, missing: [], bytesFromThreads: raw.length },
    )
    expect(failures).toEqual([])
  })
})

describe('a server', () => {
  let cloud: EmbeddedCloud
  const cloudsYaml = path.join(project, 'clouds.yaml')
  beforeAll(async () => {
    cloud = await startCloud({ port: 0 })
    await writeFile(cloudsYaml, cloud.cloudsYaml)
  })
  afterAll(() => cloud.close())

  test.each(Object.entries(serverBundlers))('by %s is bundled without a complaint, and runs', async (_, bundler) => {
    const { complaints, folder } = await bundle(bundler, project, 'server-app.mjs', tools)
    expect(complaints).toEqual([])
    const files = [...(await filesOf(folder)).keys()]
    const program = files.find((file) => /^server-app\.c?js$/.test(file)) ?? ''
    const ran = await node([path.join(folder, program), cloudsYaml, compressed], project)
    expect(ran).toEqual({ code: 0, text: `unpacked active ${raw.length} verified xz\n` })
  })
})
