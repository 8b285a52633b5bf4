import type { Context } from '../command/context.js'

type Streams = Pick<Context, 'surroundings' | 'env'>

/** Whether a person reads stderr. CI systems set `CI`, some with a terminal. */
export function isAttended({ surroundings, env }: Streams): boolean {
  const isCi = !['', '0', 'false'].includes((env['CI'] ?? '').toLowerCase())
  return surroundings.stderr.isTTY && !isCi
}

/** Whether a person can also enter something. */
export function canAsk(context: Context): boolean {
  return isAttended(context) && context.surroundings.stdin.isTTY === true && context.globals.passwordStdin !== true
}
