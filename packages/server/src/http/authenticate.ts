import type { MiddlewareHandler } from 'hono'
import { isWithinRules } from './access-rules.js'
import type { HttpEnv, TokenVerifier } from '../context.js'
import { requestIdOf } from './request-id.js'
import { respondJson } from './respond.js'
import { targetOf } from './wire-request.js'

/**
 * Only lets callers with a valid token pass, as keystonemiddleware does (keystonemiddleware/auth_token/__init__.py
 * `process_request`). All others get 401 with Keystone's error body. Sets `caller` and `requestId`.
 */
export function authenticate(
  tokens: TokenVerifier,
  service: string,
  authUrl: () => string,
): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    c.set('requestId', requestIdOf(c.env.outgoing))
    const token = c.req.header('x-auth-token')
    const caller = token ? tokens.verify(token) : undefined
    if (caller === undefined || !isWithinRules(caller.accessRules, service, c.req.method, targetOf(c))) {
      return respondJson(c, unauthorized, 401, { 'www-authenticate': `Keystone uri="${authUrl()}"` })
    }
    c.set('caller', caller)
    return next()
  }
}

const unauthorized = {
  error: { code: 401, title: 'Unauthorized', message: 'The request you have made requires authentication.' },
}
