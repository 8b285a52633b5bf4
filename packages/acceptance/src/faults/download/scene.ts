import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { FileDownload, FileDownloadOptions } from '@tyrax/sdk'
import type { Fault, FaultPlan } from '@tyrax/server'
import { faultyCloud, someData, type FaultyCloud } from '../faulty-cloud.js'

/** Requests for data. */
export const file = { method: 'GET', path: '/file$' } as const
/** Those that request a range. */
export const part = { ...file, headers: { range: '^bytes=' } } as const
/** Those that request the whole. */
export const whole = { ...file, headers: { range: '^$' } } as const

export const size = 2_000_000
export const middle = 1_000_000

export const once = (fault: Fault): FaultPlan => [{ match: { ...file, nth: 1 }, fault }]
/** With FIN, so that everything that was sent arrives: a reset may overtake it. */
export const cut: Fault = { type: 'close', afterResponseBytes: middle }

export interface Scene extends AsyncDisposable {
  readonly under: FaultyCloud
  readonly id: string
  readonly data: Buffer
  /** Where to download to. */
  readonly to: string
  download(options?: Partial<FileDownloadOptions>): Promise<FileDownload>
  /** The requested ranges, `whole` for a request without one. */
  ranges(): readonly string[]
  /** The names of the existing files. */
  files(): Promise<readonly string[]>
  /** Whether the file equals the image. */
  isWhole(): Promise<boolean>
}

/** An image of random bytes on a cloud that fails as planned. */
export async function scene(image: FaultPlan, bytes = size, identity: FaultPlan = []): Promise<Scene> {
  const under = await faultyCloud(
    { image, identity },
    { timeouts: { idleTimeoutMs: 2000 }, retry: { delayMs: 1, retries: 3 } },
  )
  const { data } = someData(bytes)
  const { id } = await under.direct.images.create({ name: 'd', diskFormat: 'raw', data })
  const to = path.join(under.folder, 'd.raw')
  return {
    under,
    id,
    data,
    to,
    download: (options) => under.cloud.images.download(id, { to, ...options }),
    ranges: () =>
      under.image.requests
        .filter((each) => each.path.endsWith('/file'))
        .map((each) => each.headers['range']?.replace('bytes=', '') ?? 'whole'),
    files: async () => (await readdir(under.folder)).toSorted(),
    isWhole: async () => (await readFile(to)).equals(data),
    [Symbol.asyncDispose]: () => under[Symbol.asyncDispose](),
  }
}

export const unfinished = ['d.raw.part', 'd.raw.part.json']
