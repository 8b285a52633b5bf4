import type { Context } from '../command/context.js'
import type { ProgressDisplay } from '../progress/board.js'

/**
 * A context for one of several jobs that run at once.
 * @param of the number of jobs
 * @returns it, and a function that takes the job's lines off the display when it has failed: the others go on
 */
export function ownProgress(context: Context, of: number): { readonly context: Context; readonly stop: () => void } {
  const displays: ProgressDisplay[] = []
  const progress: Context['progress'] = async (label) => {
    const display = await context.progress(label, of)
    displays.push(display)
    return display
  }
  return {
    context: Object.create(context, { progress: { value: progress } }) as Context,
    stop() {
      for (const display of displays) display.stop()
    },
  }
}
