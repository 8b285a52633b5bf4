import { z } from 'zod'

const bytes = z.number().int().nonnegative()

/** Where in an exchange a fault strikes. With neither field: at the request's head, before the service sees it. */
const moment = {
  /** After this many bytes of the request's body, which the service was given; `end`: after the whole body. */
  afterRequestBytes: z.union([bytes, z.literal('end')]).optional(),
  /** After the head and this many bytes of the answer's body; `none`: the service answered, nothing of it was sent. */
  afterResponseBytes: z.union([bytes, z.literal('none')]).optional(),
}

const answer = {
  status: z.number().int().min(200).max(599),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.string().optional(),
}

const fault = z.discriminatedUnion('type', [
  /** The connection ends with RST. */
  z.strictObject({ type: z.literal('reset'), ...moment }),
  /** The connection ends with FIN. */
  z.strictObject({ type: z.literal('close'), ...moment }),
  /** Nothing moves any more, for `ms` or for ever. */
  z.strictObject({ type: z.literal('stall'), ...moment, ms: bytes.optional() }),
  /** The service sees the request `ms` later. */
  z.strictObject({ type: z.literal('delay'), ms: bytes }),
  /** One direction moves at `bytesPerSecond`. */
  z.strictObject({
    type: z.literal('trickle'),
    bytesPerSecond: bytes.min(1),
    direction: z.enum(['request', 'response']).optional(),
  }),
  /**
   * Another answer than the service's, which sees the request only with `afterResponseBytes: 'none'`. `then` says
   * what becomes of a body that is still coming: read to its end, or the connection closed on it. @default drain
   */
  z.strictObject({
    type: z.literal('status'),
    afterRequestBytes: moment.afterRequestBytes,
    afterResponseBytes: z.literal('none').optional(),
    ...answer,
    unread: z.enum(['drain', 'close']).optional(),
  }),
  /** Another body under the service's own status; `status` changes that too. */
  z.strictObject({ type: z.literal('body'), ...answer, status: answer.status.optional(), body: z.string() }),
  /** These bytes on the wire, HTTP or not, then FIN. */
  z.strictObject({ type: z.literal('raw'), ...moment, text: z.string() }),
  /** The answer ends after so many bytes as if that were all of it: Content-Length and framing agree. */
  z.strictObject({ type: z.literal('truncate'), afterResponseBytes: bytes }),
  /** So many zero bytes follow the answer's own, framing agrees. */
  z.strictObject({ type: z.literal('extend'), bytes: bytes.min(1) }),
  /** The byte at this offset of the request's or the answer's body has its bits flipped. */
  z.strictObject({ type: z.literal('corrupt'), atRequestByte: bytes.optional(), atResponseByte: bytes.optional() }),
  /** Headers of the answer are set, or removed where null. */
  z.strictObject({ type: z.literal('headers'), headers: z.record(z.string(), z.string().nullable()) }),
])

const rule = z.strictObject({
  match: z
    .strictObject({
      method: z.string().optional(),
      /** A regular expression, tried on path and query. */
      path: z.string().optional(),
      /** Regular expressions on request headers, by lower-case name. */
      headers: z.record(z.string(), z.string()).optional(),
      /** The first matching request that is struck, counted from 1. @default 1 */
      nth: z.number().int().min(1).optional(),
      /** How many are struck from there on. @default 1 with `nth`, else every one */
      count: z.number().int().min(1).optional(),
    })
    .optional(),
  fault,
})

const plan = z.array(rule)

/** What goes wrong, as JSON: the first rule that matches a request decides. */
export type FaultPlan = z.infer<typeof plan>
export type FaultRule = z.infer<typeof rule>
export type Fault = z.infer<typeof fault>

/**
 * Checks a plan that came from outside.
 * @throws Error naming the rule and field that are wrong
 */
export function parseFaultPlan(value: unknown): FaultPlan {
  const result = plan.safeParse(value)
  if (!result.success) {
    const issues = result.error.issues.map((issue) => `${issue.path.join('.') || 'plan'}: ${issue.message}`)
    throw new Error(`the fault plan cannot be used: ${issues.join('; ')}`)
  }
  for (const [index, { match }] of result.data.entries()) {
    for (const pattern of [match?.path, ...Object.values(match?.headers ?? {})]) {
      if (pattern !== undefined) assertPattern(pattern, index)
    }
  }
  return result.data
}

function assertPattern(pattern: string, rule: number): void {
  try {
    RegExp(pattern)
  } catch (error) {
    throw new Error(`the fault plan cannot be used: ${rule}.match: ${String(error)}`, { cause: error })
  }
}
