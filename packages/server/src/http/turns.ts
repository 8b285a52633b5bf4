/** How long the work of all requests together may block the event loop before new events are handled. */
const turnMs = 10

const waiting: (() => void)[] = []
let turnBegan: number | undefined

/**
 * Called between two steps of possibly long work: lets other requests run once this turn of the event loop is used up,
 * whichever requests used it. Waiting requests resume in order of arrival, one in each turn, so that many of them block
 * the process no longer than one does.
 */
export async function takeTurn(): Promise<void> {
  const now = performance.now()
  if (turnBegan === undefined) {
    turnBegan = now
    setImmediate(nextTurn)
  }
  if (now - turnBegan < turnMs) return
  await new Promise<void>((resolve) => {
    waiting.push(resolve)
  })
}

function nextTurn(): void {
  const next = waiting.shift()
  turnBegan = next && performance.now()
  if (next === undefined) return
  setImmediate(nextTurn)
  next()
}
