/** When in an exchange a fault strikes. Without fields: at the request's head, before the service sees it. */
export interface FaultMoment {
  /** After this many bytes of the request's body have reached the service; `end`: after the whole body. */
  readonly afterRequestBytes?: number | 'end' | undefined
  /** After the head and this many bytes of the response's body; `none`: the service responded, but nothing was sent. */
  readonly afterResponseBytes?: number | 'none' | undefined
}

/** One kind of fault. */
export type Fault =
  /** The connection ends with RST. */
  | ({ readonly type: 'reset' } & FaultMoment)
  /** The connection ends with FIN. */
  | ({ readonly type: 'close' } & FaultMoment)
  /** The exchange stops, for `ms` or for ever. */
  | ({ readonly type: 'stall'; readonly ms?: number | undefined } & FaultMoment)
  /** The service sees the request `ms` later. */
  | { readonly type: 'delay'; readonly ms: number }
  /** One direction moves at `bytesPerSecond`. */
  | {
      readonly type: 'trickle'
      readonly bytesPerSecond: number
      readonly direction?: 'request' | 'response' | undefined
    }
  /**
   * A response that replaces the service's. The service sees the request only with `afterResponseBytes: 'none'`.
   * `unread` decides what happens to a body that is still arriving: it is read to its end, or the connection is closed.
   * @default drain
   */
  | {
      readonly type: 'status'
      readonly afterRequestBytes?: number | 'end' | undefined
      readonly afterResponseBytes?: 'none' | undefined
      readonly status: number
      readonly headers?: Record<string, string> | undefined
      readonly body?: string | undefined
      readonly unread?: 'drain' | 'close' | undefined
    }
  /** A body that replaces the service's, under the service's status unless `status` is set. */
  | {
      readonly type: 'body'
      readonly status?: number | undefined
      readonly headers?: Record<string, string> | undefined
      readonly body: string
    }
  /** These bytes on the wire, HTTP or not, then FIN. */
  | ({ readonly type: 'raw'; readonly text: string } & FaultMoment)
  /** The response ends after that number of bytes as if it were complete: Content-Length and framing agree. */
  | { readonly type: 'truncate'; readonly afterResponseBytes: number }
  /** That number of zero bytes is appended to the response; Content-Length and framing agree. */
  | { readonly type: 'extend'; readonly bytes: number }
  /** The byte at this offset of the request's or the response's body has its bits flipped. */
  | {
      readonly type: 'corrupt'
      readonly atRequestByte?: number | undefined
      readonly atResponseByte?: number | undefined
    }
  /** Headers of the response are set, or removed where null. */
  | { readonly type: 'headers'; readonly headers: Record<string, string | null> }

/** A fault and the requests that it strikes, by default all. */
export interface FaultRule {
  readonly match?:
    | {
        readonly method?: string | undefined
        /** A regular expression, matched against path and query. */
        readonly path?: string | undefined
        /** Regular expressions for request headers, by lower-case name. */
        readonly headers?: Record<string, string> | undefined
        /** The first matching request that is struck, counted from 1. @default 1 */
        readonly nth?: number | undefined
        /** The number of requests that are struck from there on. @default 1 with `nth`, otherwise all */
        readonly count?: number | undefined
      }
    | undefined
  readonly fault: Fault
}

/** The faults to inject, as JSON: the first rule that matches a request decides. */
export type FaultPlan = FaultRule[]
