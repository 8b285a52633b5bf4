import type { GatheringBuffers } from './gathering-buffers.js'
import type { ProxyEnvironment } from './proxy.js'
import type { ReceiveBuffers } from './receive-buffers.js'

/** TLS and proxy settings of a transport. */
export interface ConnectionOptions {
  /** Certificates (PEM) to trust instead of the system's. */
  readonly ca?: string | undefined
  /** @internal Reads `ca` when the first connection with TLS is made. */
  readonly caWhenNeeded?: (() => Promise<string | undefined>) | undefined
  /** Client certificate (PEM), with `key`. */
  readonly cert?: string | undefined
  readonly key?: string | undefined
  /** Accept any certificate. @default false */
  readonly insecure?: boolean | undefined
  /** The URL of an http or https proxy for all requests, or false for none. Absent: taken from the environment. */
  readonly proxy?: string | false | undefined
  /** Where `http_proxy` and the like are read. @default process.env */
  readonly env?: ProxyEnvironment | undefined
  /** @internal Memory that connections without TLS read into. Absent: each chunk has its own memory. */
  readonly buffers?: ReceiveBuffers | undefined
  /** @internal The same for bodies that are read through `gather` of the platform. Absent: as all others. */
  readonly gatheringBuffers?: GatheringBuffers | undefined
}
