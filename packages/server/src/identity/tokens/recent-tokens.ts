/** Far more tokens than clients use at a time; together they take a few MiB. */
const mostTokens = 1000

/**
 * Tokens that were looked up since Keystone's records last changed, so that a client's next request with the same one
 * needs no look into the database. Time passes without a change: whether they have expired is for the caller to check.
 */
export interface RecentTokens<Token> {
  get(id: string): Token | undefined
  add(id: string, token: Token): void
}

/** @param revision a number that is another one whenever a record may have changed */
export function rememberTokens<Token>(revision: () => number): RecentTokens<Token> {
  const tokens = new Map<string, Token>()
  let seen: number | undefined
  const forgetOutdated = () => {
    const current = revision()
    if (current === seen) return
    tokens.clear()
    seen = current
  }
  return {
    get(id) {
      forgetOutdated()
      return tokens.get(id)
    },
    add(id, token) {
      forgetOutdated()
      if (tokens.size >= mostTokens) tokens.clear()
      tokens.set(id, token)
    },
  }
}
