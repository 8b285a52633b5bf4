import { z } from 'zod'
import type { FaultPlan } from './fault.js'

const bytes = z.number().int().nonnegative()

const moment = {
  afterRequestBytes: z.union([bytes, z.literal('end')]).optional(),
  afterResponseBytes: z.union([bytes, z.literal('none')]).optional(),
}

const answer = {
  status: z.number().int().min(200).max(599),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.string().optional(),
}

const fault = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('reset'), ...moment }),
  z.strictObject({ type: z.literal('close'), ...moment }),
  z.strictObject({ type: z.literal('stall'), ...moment, ms: bytes.optional() }),
  z.strictObject({ type: z.literal('delay'), ms: bytes }),
  z.strictObject({
    type: z.literal('trickle'),
    bytesPerSecond: bytes.min(1),
    direction: z.enum(['request', 'response']).optional(),
  }),
  z.strictObject({
    type: z.literal('status'),
    afterRequestBytes: moment.afterRequestBytes,
    afterResponseBytes: z.literal('none').optional(),
    ...answer,
    unread: z.enum(['drain', 'close']).optional(),
  }),
  z.strictObject({ type: z.literal('body'), ...answer, status: answer.status.optional(), body: z.string() }),
  z.strictObject({ type: z.literal('raw'), ...moment, text: z.string() }),
  z.strictObject({ type: z.literal('truncate'), afterResponseBytes: bytes }),
  z.strictObject({ type: z.literal('extend'), bytes: bytes.min(1) }),
  z.strictObject({ type: z.literal('corrupt'), atRequestByte: bytes.optional(), atResponseByte: bytes.optional() }),
  z.strictObject({ type: z.literal('headers'), headers: z.record(z.string(), z.string().nullable()) }),
])

const rule = z.strictObject({
  match: z
    .strictObject({
      method: z.string().optional(),
      path: z.string().optional(),
      headers: z.record(z.string(), z.string()).optional(),
      nth: z.number().int().min(1).optional(),
      count: z.number().int().min(1).optional(),
    })
    .optional(),
  fault,
})

/** The types are written out in `fault.ts`, so that compiling against them does not load the schema library. */
const plan = z.array(rule) satisfies z.ZodType<FaultPlan>

/**
 * Checks a plan from an untrusted source.
 * @throws Error naming the invalid rule and field
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
