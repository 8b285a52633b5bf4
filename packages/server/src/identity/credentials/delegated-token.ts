import type { Caller } from '../../context.js'
import { Refusal } from '../../refusal.js'
import type { TokenService } from '../tokens/token-service.js'

/** Whether the caller's token is one of an application credential. */
export function isDelegated(caller: Caller, tokens: TokenService): boolean {
  return tokens.find(caller.token)?.applicationCredential !== undefined
}

/** @throws forbidden for such a token: it must not become a way to log in as its user */
export function refuseDelegated(caller: Caller, tokens: TokenService): void {
  if (!isDelegated(caller, tokens)) return
  throw new Refusal(
    'forbidden',
    'You are not authorized to perform the requested action: Delegated tokens cannot access credentials directly.',
  )
}
