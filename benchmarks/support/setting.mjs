import { randomFillSync, randomUUID } from 'node:crypto'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { connect, processContext } from '@tyrax/sdk'
import { startOpenStack } from '@tyrax/testkit'
import { start } from './process.mjs'

const MiB = 1024 ** 2
export const GiB = 1024 ** 3
export const cli = new URL('../../packages/cli/bin/tyrax.js', import.meta.url).pathname

/** In the usual notation: `1 GiB`, `256 MiB`. */
export const sizeText = (bytes) => (bytes % GiB === 0 ? `${bytes / GiB} GiB` : `${bytes / MiB} MiB`)

/**
 * What figures share: a temporary folder, test files, the real and the embedded cloud, each created on first use and
 * removed by `close()`.
 */
export async function openSetting(say) {
  const bytes = wholeMiB(process.env.TYRAX_BENCH_MIB ?? '1024') * MiB
  const folder = await mkdtemp(path.join(process.env.TYRAX_BENCH_DIR ?? tmpdir(), 'tyrax-bench-'))
  const made = new Map()
  const endings = [() => rm(folder, { recursive: true, force: true })]
  const once = (name, make) => {
    if (!made.has(name)) made.set(name, make())
    return made.get(name)
  }
  return {
    folder,
    /** The size of the images of transfers. */
    bytes,
    size: sizeText(bytes),
    /** What several figures need, created on first use. */
    share: once,
    /** A file of random bytes. */
    randomFile: (bytes) => once(`random ${bytes}`, () => writeRandom(path.join(folder, `random-${bytes}.raw`), bytes)),
    /** A file that consists of a single hole. */
    sparseFile: (bytes) => once(`sparse ${bytes}`, () => writeSparse(path.join(folder, `sparse-${bytes}.raw`), bytes)),
    /** Real Keystone, Glance and Swift: `{ imageUrl, cloudsYaml, bin, … }`. */
    real: () =>
      once('real', async () => {
        const cloud = await startOpenStack({ say, tokenLifeSeconds: 24 * 3600 })
        endings.push(() => cloud.close())
        return { ...cloud, access: await access(cloud.cloudsYaml, 'demo', cloud.imageUrl, folder) }
      }),
    /** The embedded cloud in a process of its own. */
    embedded: () =>
      once('embedded', async () => {
        const env = { ...process.env, TMPDIR: folder }
        const served = await start(process.execPath, [cli, 'serve', '--port', '0', '--json', '--ephemeral'], { env })
        endings.push(() => served.stop())
        const { cloudsYaml, imageUrl } = served.ready
        return { ...served.ready, access: await access(cloudsYaml, 'demo', imageUrl, folder) }
      }),
    /** A token for one entry of a clouds.yaml, and the image API's root. */
    access: (cloudsYaml, cloudName, serviceUrl) => access(cloudsYaml, cloudName, serviceUrl, folder),
    /** Runs before the folder is removed. */
    atEnd: (end) => endings.push(end),
    async close() {
      for (const end of endings.toReversed()) await end()
    },
  }
}

function wholeMiB(text) {
  if (/^[1-9]\d*$/.test(text) && text % 4 === 0) return Number(text)
  throw new Error(`TYRAX_BENCH_MIB is a whole number that can be divided by 4, not ${text}`)
}

/** A token for one entry of a clouds.yaml, also as a file that `curl -H @file` reads, and the image API's root. */
async function access(cloudsYaml, cloudName, serviceUrl, folder) {
  const env = { OS_CLIENT_CONFIG_FILE: cloudsYaml }
  const cloud = await connect({ cloud: cloudName, configContext: { ...processContext(), env, cwd: folder } })
  const token = await cloud.token()
  await cloud.close()
  const tokenFile = path.join(folder, `token-${randomUUID()}`)
  await writeFile(tokenFile, `X-Auth-Token: ${token}\n`, { mode: 0o600 })
  const imageUrl = `${serviceUrl.replace(/\/(v2\/?)?$/, '')}/v2`
  return { cloudsYaml, cloudName, token, tokenFile, imageUrl }
}

async function writeRandom(file, bytes) {
  const handle = await open(file, 'w')
  const block = Buffer.alloc(4 * MiB)
  for (let written = 0; written < bytes; written += block.length) {
    randomFillSync(block)
    await handle.write(block, 0, Math.min(block.length, bytes - written))
  }
  await handle.sync()
  await handle.close()
  return file
}

async function writeSparse(file, bytes) {
  const handle = await open(file, 'w')
  await handle.truncate(bytes)
  await handle.close()
  return file
}
