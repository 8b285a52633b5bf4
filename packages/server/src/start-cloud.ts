/// <reference lib="esnext.disposable" preserve="true" />
import { rm } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { createBlobStore } from './blobs/create-blob-store.js'
import type { Orphan } from './blobs/orphans.js'
import { readAddress } from './config/address.js'
import type { CloudConfig, CloudConfigInput } from './config/cloud-config.js'
import { cloudsYaml } from './config/clouds-yaml.js'
import { defaultCloudConfig, withPassword } from './config/defaults.js'
import { refuseBun } from './config/runtime.js'
import type { CloudContext } from './context.js'
import { openDataFolder, type DataFolder } from './data-folder/open-data-folder.js'
import { makeTemporaryFolder } from './data-folder/temporary-folder.js'
import { openDatabase } from './database/database.js'
import { countRequests } from './http/activity.js'
import { answerPreflights, readCorsOrigins, withCors } from './http/cors.js'
import { frontDoor } from './http/front-door.js'
import { createListener } from './http/listener.js'
import { listen } from './http/listen.js'
import { silent, type Logger } from './log.js'
import { allMigrations, createServices } from './services.js'
import type { FaultPlan } from './faults/index.js'

/** What `startCloud` takes. */
export interface StartCloudOptions {
  /** 0: any free port. */
  readonly port: number
  /**
   * The address to listen on. An address that other machines can reach is refused while a user has the default
   * password.
   * @default '127.0.0.1'
   */
  readonly host?: string | undefined
  /**
   * The URL under which clients reach the cloud, if that is not the address it listens on (a mapped port, a container,
   * a reverse proxy). http or https, optionally with a path; the catalogue and all other links begin with it.
   * @default the address it listens on
   */
  readonly publicUrl?: string | undefined
  /** Listen on an address that other machines can reach although a user has the default password. @default false */
  readonly allowDefaultPasswords?: boolean | undefined
  /**
   * The origins of web pages that may use the cloud, such as `http://localhost:5173`; `*`: pages of any origin.
   * @default none
   */
  readonly cors?: readonly string[] | '*' | undefined
  /**
   * The folder for records and bytes, created if missing. A folder that holds other things is refused.
   * @default records in memory, bytes in a temporary folder
   */
  readonly data?: string | undefined
  /**
   * Move stored files that no record refers to into `orphans/<time>/` in the data folder, and accept a database that is
   * older than the data next to it. @default false: the files stay, and an older database is refused
   */
  readonly sweep?: boolean | undefined
  /** @default projects and users `admin` and `demo`, password `secret` */
  readonly config?: CloudConfigInput | undefined
  /** The password of the users that there are without a `config`. @default 'secret' */
  readonly password?: string | undefined
  /** Faults to inject, for tests of clients. @default none */
  readonly faults?: FaultPlan | undefined
  /** @default no logging */
  readonly log?: Logger | undefined
}

/** Tells a cloud that is in use from an idle one. */
export interface CloudActivity {
  /** The number of requests since the start. */
  readonly requests: number
  /** Whether a request has not been answered yet, or work such as an import goes on in the background. */
  readonly isBusy: boolean
}

/** A running cloud; its caller closes it. */
export interface EmbeddedCloud {
  /** The beginning of all other URLs, without a trailing slash: the public URL if there is one. */
  readonly url: string
  /** The URL for clients on this machine; the same as `url` unless a public URL is set. */
  readonly localUrl: string
  /** Keystone's, with `/v3`. */
  readonly authUrl: string
  /** Glance's, without a version. */
  readonly imageUrl: string
  /** Swift's, with `/v1`, without an account. */
  readonly objectStoreUrl: string
  /** The text of a clouds.yaml with an entry named after each user. It holds passwords. */
  readonly cloudsYaml: string
  /** The path of the data folder with links resolved, or of the temporary one. */
  readonly folder: string
  /** Stored files without a record: left by a crash, or newer than the database. With `sweep` they have been moved. */
  readonly orphans: readonly Orphan[]
  /** What it has been asked for, and what it is working on now. */
  activity(): CloudActivity
  /** Ends connections and releases the data folder; a temporary folder is removed. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts Keystone, Glance and Swift on one port, at devstack's paths. Resolves once the cloud accepts requests.
 * @throws RuntimeUnsupported, ConfigError, AddressError, DataFolderError, DataFolderInUse, PortInUse
 */
export async function startCloud(options: StartCloudOptions): Promise<EmbeddedCloud> {
  refuseBun()
  const { host = '127.0.0.1', log = silent } = options
  const config = await resolveConfig(options)
  const { publicUrl, allowDefaultPasswords = false } = options
  const address = await readAddress({ host, publicUrl, allowDefaultPasswords, users: config.users })
  const cors = readCorsOrigins(options.cors)
  const owned: (() => Promise<unknown> | void)[] = []
  const close = once(async () => {
    for (const end of owned.splice(0).toReversed()) await end()
  })
  try {
    const folder = await (options.data === undefined ? openTemporary() : openData(options.data, options.sweep ?? false))
    owned.push(() => folder.close())
    const { db } = folder
    const blobs = createBlobStore(folder.path, { beforeFirstPublish: () => folder.noteRun() })
    owned.push(() => blobs.close())

    let url = ''
    const now = () => new Date()
    const context: CloudContext = {
      db,
      blobs,
      config,
      log,
      now,
      baseUrl: () => url,
      publicUrl: address.publicUrl,
    }
    const services = createServices(context)
    owned.push(async () => {
      for (const service of services) await service.close?.()
    })
    await folder.settle()
    for (const service of services) await service.sweep?.()
    const isUsed = (key: string) => services.some((service) => service.usesBlob?.(key) === true)
    // To an older database, finished uploads may look interrupted, so with `sweep` they are moved aside instead.
    const removed = await blobs.removeHalfWrites(options.sweep === true ? () => true : isUsed)
    if (removed > 0) log.info({ removed }, 'files of interrupted uploads were removed')
    const found = await blobs.findOrphans(isUsed)
    const orphans = options.sweep === true ? await blobs.moveAside(found, now()) : found
    for (const orphan of orphans) log.warn({ ...orphan }, 'no record names this file')

    const door = frontDoor(
      answerPreflights(cors, await withPlan(options.faults, createListener(services))),
      address,
      services.map(({ prefix }) => prefix),
    )
    const counted = countRequests(withCors(cors, door))
    const listening = await listen(counted.listener, address.host, options.port)
    owned.push(() => listening.close())
    const localUrl = `http://${address.urlHost}:${listening.port}`
    url = address.publicUrl ?? localUrl
    log.info({ url, localUrl }, 'the embedded cloud is ready')
    const authUrl = `${url}/identity/v3`
    return {
      url,
      localUrl,
      authUrl,
      imageUrl: `${url}/image`,
      objectStoreUrl: `${url}/object-store/v1`,
      cloudsYaml: cloudsYaml(authUrl, config),
      folder: folder.path,
      orphans,
      activity: () => ({
        requests: counted.begun(),
        isBusy: counted.running() > 0 || services.some((service) => service.isBusy?.() === true),
      }),
      close,
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

const openData = (data: string, allowOlder: boolean): Promise<DataFolder> =>
  openDataFolder(data, { migrations: allMigrations, allowOlder })

/** Keeps records in memory and only bytes in a folder. */
async function openTemporary(): Promise<DataFolder> {
  const folder = await makeTemporaryFolder()
  const db = openDatabase(':memory:')
  return {
    path: folder,
    db,
    settle: async () => undefined,
    noteRun: async () => undefined,
    async close() {
      db.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Loads the schema library only if there is a configuration to check. */
async function resolveConfig({ config, password }: StartCloudOptions): Promise<CloudConfig> {
  if (config === undefined) return password === undefined ? defaultCloudConfig : withPassword(password)
  const { parseCloudConfig } = await import('./config/parse-cloud-config.js')
  return parseCloudConfig(config)
}

async function withPlan(plan: FaultPlan | undefined, listener: RequestListener): Promise<RequestListener> {
  if (plan === undefined) return listener
  const { parseFaultPlan, withFaults } = await import('./faults/index.js')
  return withFaults(parseFaultPlan(plan), listener)
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => (done ??= work())
}
