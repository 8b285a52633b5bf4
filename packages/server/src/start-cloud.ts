import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { RequestListener } from 'node:http'
import { createBlobStore } from './blobs/create-blob-store.js'
import type { CloudConfig, CloudConfigInput } from './config/cloud-config.js'
import { cloudsYaml } from './config/clouds-yaml.js'
import { defaultCloudConfig } from './config/defaults.js'
import type { ServiceContext } from './context.js'
import { closeDatabase, DatabaseInUse, openDatabase, type Database } from './database/database.js'
import { createListener } from './http/listener.js'
import { listen } from './http/listen.js'
import { openIdentity } from './identity/open-identity.js'
import { silent, type Logger } from './log.js'
import { serviceFactories } from './services.js'
import type { FaultPlan } from './faults/index.js'

export interface StartCloudOptions {
  /** 0: any free port. */
  readonly port: number
  /** @default '127.0.0.1' */
  readonly host?: string | undefined
  /** The folder for records and bytes, made where it is missing. @default in memory, bytes in a temporary folder */
  readonly data?: string | undefined
  /** @default projects and users `admin` and `demo`, password `secret` */
  readonly config?: CloudConfigInput | undefined
  /** What goes wrong, for tests of clients. @default nothing */
  readonly faults?: FaultPlan | undefined
  /** @default silence */
  readonly log?: Logger | undefined
}

/** A running cloud; whoever started it closes it. */
export interface EmbeddedCloud {
  /** Everything begins with it; without a trailing slash. */
  readonly url: string
  /** Keystone's, with `/v3`. */
  readonly authUrl: string
  /** Glance's, without a version. */
  readonly imageUrl: string
  /** Swift's, with `/v1`, without an account. */
  readonly objectStoreUrl: string
  /** The text of a clouds.yaml with an entry for every user, named like it. It holds passwords. */
  readonly cloudsYaml: string
  /** Ends connections and releases the data folder; a temporary one is removed. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts Keystone, Glance and Swift on one port, at devstack's paths. Resolves when it answers.
 * @throws ConfigError, DataFolderInUse, PortInUse
 */
export async function startCloud(options: StartCloudOptions): Promise<EmbeddedCloud> {
  const { host = '127.0.0.1', log = silent } = options
  const config = await resolveConfig(options.config)
  const owned: (() => Promise<unknown> | void)[] = []
  const close = once(async () => {
    for (const end of owned.splice(0).toReversed()) await end()
  })
  try {
    const { folder, db } = await openFolder(options.data, owned)
    const blobs = createBlobStore(folder)
    owned.push(() => blobs.close())

    let url = ''
    const now = () => new Date()
    const tokens = openIdentity(db, config, now)
    const context: ServiceContext = { db, blobs, tokens, config, log, now, baseUrl: () => url }
    const services = serviceFactories.map((create) => create(context))
    for (const service of services) await service.sweep?.()
    const { removed } = await blobs.sweep((key) => services.some((service) => service.usesBlob?.(key) === true))
    if (removed > 0) log.info({ removed }, 'files of interrupted uploads were removed')

    const listening = await listen(await withPlan(options.faults, createListener(services)), host, options.port)
    owned.push(() => listening.close())
    url = `http://${urlHost(host)}:${listening.port}`
    log.info({ url }, 'the embedded cloud is ready')
    const authUrl = `${url}/identity/v3`
    return {
      url,
      authUrl,
      imageUrl: `${url}/image`,
      objectStoreUrl: `${url}/object-store/v1`,
      cloudsYaml: cloudsYaml(authUrl, config),
      close,
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Another running cloud has the data folder. */
export class DataFolderInUse extends Error {
  override readonly name = 'DataFolderInUse'
  readonly folder: string

  constructor(folder: string, holder: string | undefined, cause: unknown) {
    const who = holder === undefined ? 'another process' : `process ${holder}`
    super(`the data folder ${folder} is in use by ${who}: stop that one, or choose another folder`, { cause })
    this.folder = folder
  }
}

interface OpenFolder {
  readonly folder: string
  readonly db: Database
}

/** The data folder with its database, or a temporary one for bytes alone. */
async function openFolder(data: string | undefined, owned: (() => Promise<unknown> | void)[]): Promise<OpenFolder> {
  if (data === undefined) {
    const folder = await mkdtemp(path.join(tmpdir(), 'tyrax-cloud-'))
    owned.push(() => rm(folder, { recursive: true, force: true }))
    const db = openDatabase(':memory:')
    owned.push(() => db.close())
    return { folder, db }
  }
  const folder = path.resolve(data)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const holderFile = path.join(folder, 'cloud.pid')
  try {
    const db = openDatabase(path.join(folder, 'cloud.sqlite'))
    owned.push(() => closeDatabase(db))
    await writeFile(holderFile, `${process.pid}\n`)
    owned.push(() => rm(holderFile, { force: true }))
    return { folder, db }
  } catch (error) {
    if (!(error instanceof DatabaseInUse)) throw error
    const holder = (await readFile(holderFile, 'utf8').catch(() => '')).trim()
    throw new DataFolderInUse(folder, holder || undefined, error)
  }
}

/** The schema library is only loaded where there is something to check. */
async function resolveConfig(given: CloudConfigInput | undefined): Promise<CloudConfig> {
  if (given === undefined) return defaultCloudConfig
  const { parseCloudConfig } = await import('./config/parse-cloud-config.js')
  return parseCloudConfig(given)
}

async function withPlan(plan: FaultPlan | undefined, listener: RequestListener): Promise<RequestListener> {
  if (plan === undefined) return listener
  const { parseFaultPlan, withFaults } = await import('./faults/index.js')
  return withFaults(parseFaultPlan(plan), listener)
}

function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => (done ??= work())
}
