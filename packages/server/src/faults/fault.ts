/** Where in an exchange a fault strikes. With neither field: at the request's head, before the service sees it. */
export interface FaultMoment {
  /** After this many bytes of the request's body, which the service was given; `end`: after the whole body. */
  readonly afterRequestBytes?: number | 'end' | undefined
  /** After the head and this many bytes of the response's body; `none`: the service responded, nothing of it was sent. */
  readonly afterResponseBytes?: number | 'none' | undefined
}

/** One way to go wrong. */
export type Fault =
  /** The connection ends with RST. */
  | ({ readonly type: 'reset' } & FaultMoment)
  /** The connection ends with FIN. */
  | ({ readonly type: 'close' } & FaultMoment)
  /** Nothing moves any more, for `ms` or for ever. */
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
   * Another response than the service's, which sees the request only with `afterResponseBytes: 'none'`. `unread` says
   * what becomes of a body that is still coming: read to its end, or the connection closed on it. @default drain
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
  /** Another body under the service's own status; `status` changes that too. */
  | {
      readonly type: 'body'
      readonly status?: number | undefined
      readonly headers?: Record<string, string> | undefined
      readonly body: string
    }
  /** These bytes on the wire, HTTP or not, then FIN. */
  | ({ readonly type: 'raw'; readonly text: string } & FaultMoment)
  /** The response ends after that number of bytes as if that were all of it: Content-Length and framing agree. */
  | { readonly type: 'truncate'; readonly afterResponseBytes: number }
  /** That number of zero bytes follow the response's own, framing agrees. */
  | { readonly type: 'extend'; readonly bytes: number }
  /** The byte at this offset of the request's or the response's body has its bits flipped. */
  | {
      readonly type: 'corrupt'
      readonly atRequestByte?: number | undefined
      readonly atResponseByte?: number | undefined
    }
  /** Headers of the response are set, or removed where null. */
  | { readonly type: 'headers'; readonly headers: Record<string, string | null> }

/** A fault, and the requests that it strikes: by default all. */
export interface FaultRule {
  readonly match?:
    | {
        readonly method?: string | undefined
        /** A regular expression, tried on path and query. */
        readonly path?: string | undefined
        /** Regular expressions on request headers, by lower-case name. */
        readonly headers?: Record<string, string> | undefined
        /** The first matching request that is struck, counted from 1. @default 1 */
        readonly nth?: number | undefined
        /** How many are struck from there on. @default 1 with `nth`, else every one */
        readonly count?: number | undefined
      }
    | undefined
  readonly fault: Fault
}

/** What goes wrong, as JSON: the first rule that matches a request decides. */
export type FaultPlan = FaultRule[]
