import { PartialFailure } from '../errors.js'
import type { Context } from './context.js'

/**
 * Does one thing after the other; a failure does not prevent the rest.
 * @throws the error itself when there was only one thing to do or all failed in the same way, PartialFailure when some
 * were done
 */
export async function forEach(
  { signal }: Context,
  things: readonly string[],
  act: (thing: string) => Promise<void>,
): Promise<void> {
  const errors: { what: string; error: unknown }[] = []
  for (const thing of things) {
    signal.throwIfAborted()
    try {
      await act(thing)
    } catch (error) {
      errors.push({ what: thing, error })
    }
  }
  signal.throwIfAborted()
  const [first] = errors
  if (!first) return
  if (things.length === 1) throw first.error
  const failures = errors.map(({ what, error }) => ({
    what,
    message: error instanceof Error ? error.message : String(error),
  }))
  throw new PartialFailure(things.length - errors.length, failures, { cause: first.error })
}
