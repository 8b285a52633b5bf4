import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context, Hono } from 'hono'
import type { Database } from './database/database.js'
import type { BlobStore } from './blobs/blob-store.js'
import type { AccessRule } from './http/access-rules.js'
import type { CloudConfig } from './config/cloud-config.js'
import type { Logger } from './log.js'

/** The caller that the token stands for. Created by identity, read by the other services. */
export interface Caller {
  readonly token: string
  readonly userId: string
  readonly userName: string
  /** Undefined when the token has no project scope. */
  readonly projectId: string | undefined
  readonly projectName: string | undefined
  readonly domainId: string | undefined
  /** Lower case, implied roles included: admin ⊃ manager ⊃ member ⊃ reader; `service` stands alone. */
  readonly roles: readonly string[]
  readonly isAdmin: boolean
  /** The only requests that the token allows; empty: all. */
  readonly accessRules: readonly AccessRule[]
  readonly expiresAt: Date
}

/** Turns a token into its caller; undefined when it is unknown, expired or revoked. */
export interface TokenVerifier {
  verify(token: string): Caller | undefined
}

/** What the embedded cloud provides to its services. */
export interface CloudContext {
  readonly db: Database
  readonly blobs: BlobStore
  readonly config: CloudConfig
  readonly log: Logger
  /** The cloud's URL for clients, without a trailing slash, e.g. `http://127.0.0.1:5000`; known once it listens. */
  readonly baseUrl: () => string
  /** The public URL that was configured, without a trailing slash. */
  readonly publicUrl: string | undefined
  readonly now: () => Date
}

/** What a service needs that authenticates its callers. */
export interface ServiceContext extends CloudContext {
  readonly tokens: TokenVerifier
}

/** One service: its routes below `prefix`, and what it does at start. */
export interface CloudService {
  /** e.g. `/image` */
  readonly prefix: string
  readonly app: Hono<HttpEnv>
  /** Cleans up what a crash left, such as interrupted uploads. Called once, before the first request. */
  sweep?(): Promise<void>
  /** Whether a row of this service uses the blob. A published blob that no service uses is an orphan. */
  usesBlob?(key: string): boolean
  /** Whether it works in the background, after the request that asked for it. */
  isBusy?(): boolean
  /** Ends work in the background. Called once, after the last request. */
  close?(): Promise<void>
}

/** Hono's environment: Node's own request and response, for streamed bodies. */
export interface HttpEnv {
  Bindings: {
    incoming: IncomingMessage
    outgoing: ServerResponse
  }
  Variables: { caller: Caller; requestId: string }
}

/** A request and its response, as handlers see them. */
export type HttpContext = Context<HttpEnv>
