import { httpReasons } from '@tyrax/protocol'
import { UnstorableText } from '../../database/guarded-database.js'
import { refusalStatuses } from '../../http/http-refusal.js'
import { BodyRefused } from '../../http/read-body.js'
import { respondJson } from '../../http/respond.js'
import { cutText } from '../../http/webob-error.js'
import { webobResponse } from '../../http/webob-response.js'
import type { Logger } from '../../log.js'
import { Refusal } from '../../refusal.js'
import { malformed, unauthorized } from '../errors.js'
import type { IdentityContext } from './site.js'

/** Renders an error that a handler threw, as Keystone does (keystone/server/flask/application.py). */
export function refusalResponse(c: IdentityContext, error: unknown, log: Logger, authUrl: string): Response {
  // Rendered as by oslo.middleware, which runs in front of Keystone (oslo_middleware/sizelimit.py).
  if (error instanceof BodyRefused) return webobResponse(c, refusalStatuses[error.kind], error.message, error.headers)
  if (error instanceof UnstorableText) return refusalResponse(c, unstorable(c), log, authUrl)
  if (!(error instanceof Refusal)) {
    log.error({ error, method: c.req.method, path: c.req.path }, 'identity request failed')
  }
  const { kind, message } = error instanceof Refusal ? error : unexpected
  const status = refusalStatuses[kind]
  const title = httpReasons[status] ?? 'Error'
  return respondJson(c, { error: { code: status, message: cutText(message), title } }, status, {
    vary: 'X-Auth-Token',
    ...(status === 401 && { 'www-authenticate': `Keystone uri="${authUrl}"` }),
  })
}

/** A text that cannot be stored cannot name anything that exists. */
function unstorable(c: IdentityContext): Refusal {
  if (c.req.path === '/v3/auth/tokens') return unauthorized()
  if (c.req.path.includes('\0')) return new Refusal('not-found', 'Could not find what has NUL in its name.')
  return malformed('text without NUL', 'the request')
}

const unexpected = new Refusal('unexpected', 'An unexpected error prevented the server from fulfilling your request.')
