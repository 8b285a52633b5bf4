import type { DiskFormat } from '@tyrax/protocol'
import type { SourceLike } from '../../sources/to-source.js'
import type { Verdict } from '../../transfer/verdict.js'
import type { Image } from '../images/image.js'
import type { SendOptions, SourceOptions, SourceReport } from '../images/upload/options.js'
import type { ImageTask } from '../tasks/image-task.js'
import type { StoreResult } from '../wait/import-state.js'
import type { WaitOptions } from '../wait/wait-options.js'

/** The import methods of Glance; operators may have others. */
export type ImportMethod = 'glance-direct' | 'web-download' | 'copy-image' | 'glance-download' | (string & {})

/**
 * How data gets into an image: `web`, the server downloads it; `direct`, it is staged and then imported; `upload`, it
 * is sent to a store.
 */
export type ImportVia = 'web' | 'direct' | 'upload'

/** What `images.import` takes. */
export interface ImportOptions
  extends
    SourceOptions,
    Pick<SendOptions, 'force' | 'onWarning' | 'onDamaged' | 'limitRate' | 'timeouts' | 'onProgress' | 'signal'>,
    Pick<WaitOptions, 'timeoutMs' | 'intervalMs' | 'stuckMs' | 'onPoll'> {
  /**
   * `auto` chooses by what the cloud offers and the data needs, and takes another way when the server refuses the first
   * one or fails. A named way is the only one.
   * @default 'auto', unless `method` is set
   */
  readonly via?: 'auto' | ImportVia | undefined
  /**
   * The server's method, for what `via` does not cover: `copy-image`, `glance-download`, or `glance-direct` for data
   * that has been staged before.
   */
  readonly method?: ImportMethod | undefined
  /** The http or https address of the data. */
  readonly uri?: string | URL | undefined
  /** The data, instead of an address. */
  readonly source?: SourceLike | undefined
  /** The ids of the stores, the most important first. @default the cloud's default store */
  readonly stores?: readonly string[] | undefined
  /** Every store of the cloud that takes data. @default false */
  readonly allStores?: boolean | undefined
  /** false: success when at least one store has the data; `storeResults` has the others. @default true, by the server */
  readonly allStoresMustSucceed?: boolean | undefined
  /** For `glance-download`: the region that has the image. */
  readonly glanceRegion?: string | undefined
  /** For `glance-download`: the id of the image there. */
  readonly glanceImageId?: string | undefined
  /** For `glance-download`: the endpoint to use. @default 'public', by the server */
  readonly glanceServiceInterface?: 'public' | 'internal' | 'admin' | undefined
  /** For an image without a format: the format to set, or `auto` to detect it. @default 'auto' */
  readonly diskFormat?: 'auto' | DiskFormat | undefined
  /**
   * Read the first bytes at the address before the server downloads it, so that no error page becomes an image. false:
   * for an address that only the server reaches; the image's formats must be set then.
   * @default true
   */
  readonly preflight?: boolean | undefined
  /** Wait until the import has ended, and compare the result. An `upload` always does. @default false */
  readonly wait?: boolean | undefined
}

/** What was found at an address before the server downloaded it. */
export interface SeenAddress {
  /** After redirects, without credentials. */
  readonly url: string
  /** In bytes; undefined when the address does not tell. */
  readonly size: number | undefined
  /** The Content-Type. */
  readonly type: string | undefined
  /** The disk format that the first bytes show. */
  readonly diskFormat: string
}

/** The result of an import. */
export interface ImportResult extends SourceReport {
  /** As the server reports it now. */
  readonly image: Image
  /** The way that was taken; undefined for methods that `via` does not cover. */
  readonly via: ImportVia | undefined
  /** The server's method; undefined for an upload. */
  readonly method: ImportMethod | undefined
  /** Why this way. */
  readonly reason: string
  /** The ways that were tried before, and why they did not work. */
  readonly refused: readonly { readonly via: ImportVia; readonly reason: string }[]
  /** Whether the data is in the image; false: `images.wait` waits for it. */
  readonly isDone: boolean
  /**
   * Of a finished import: `verified` when the server's hash is that of the data that was sent. Data that the server
   * downloaded itself is compared by size only, and `unverifiable`.
   */
  readonly verdict?: Verdict
  /** The server has converted the data to another format, so neither size nor hash can be compared. */
  readonly isConverted?: boolean
  readonly seen?: SeenAddress
  readonly storeResults?: readonly StoreResult[]
  readonly task?: ImageTask
}
