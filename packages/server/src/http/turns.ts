/** How long the work of all requests together may keep the event loop before what came meanwhile is looked at. */
const turnMs = 10

const waiting: (() => void)[] = []
let turnBegan: number | undefined

/**
 * Called between two steps of work that may be long: lets other requests in once this turn of the event loop has been
 * used up, whichever requests used it. Those that wait resume in the order in which they came, one in each turn, so that
 * many of them hold the process no longer than one does.
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
