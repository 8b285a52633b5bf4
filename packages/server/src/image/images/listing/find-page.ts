import { takeTurn } from '../../../http/turns.js'
import type { ConditionSets } from './condition-sets.js'
import type { ImageSearch } from './image-search.js'
import { startSearch } from './start-search.js'
import type { MatchRow, Statements } from './walk.js'

/** The rows of a page, and whether other requests may have run while they were looked for. */
interface FoundPage {
  readonly rows: readonly MatchRow[]
  readonly gaveTurns: boolean
}

/** Finds a page in short steps, and lets other requests run in between. */
export async function findPage(statements: Statements, sets: ConditionSets, search: ImageSearch): Promise<FoundPage> {
  if (search.limit === 0) return { rows: [], gaveTurns: false }
  const running = startSearch(statements, sets, search)
  for (let gaveTurns = false; ; gaveTurns = true) {
    const rows = running.step()
    if (rows !== undefined) return { rows, gaveTurns }
    await takeTurn()
  }
}
