import type { Hono } from 'hono'
import type { HttpContext, HttpEnv } from '../../context.js'
import { HttpRefusal } from '../../http/http-refusal.js'
import { respond } from '../../http/respond.js'
import { targetOf } from '../../http/wire-request.js'
import { Refusal } from '../../refusal.js'
import { readParameter } from '../http/target.js'
import { info } from '../limits.js'

/** The routes next to `/v1`, which need no token. */
export function mountPublicRoutes(app: Hono<HttpEnv>): void {
  app.all('/info', infoResponse)
  // swift/common/middleware/healthcheck.py
  app.all('/healthcheck', (c) => respond(c, 200, { 'Content-Type': 'text/plain' }, 'OK'))
  // swift/common/middleware/crossdomain.py; other methods than GET are left to the service, for which it is no path.
  app.all('/crossdomain.xml', (c, next) =>
    c.req.raw.method === 'GET' ? respond(c, 200, { 'Content-Type': 'application/xml' }, crossDomainPolicy) : next(),
  )
}

/**
 * What the service can do (swift/proxy/controllers/info.py). The part for administrators, which is asked for with a
 * signature, exists only where a key for it is configured.
 * @throws Refusal forbidden; method-not-allowed
 */
export function infoResponse(c: HttpContext): Response {
  const { method } = c.req.raw
  const target = targetOf(c)
  if (method === 'OPTIONS') return respond(c, 200, { 'Content-Type': 'text/html; charset=UTF-8', Allow: allowed })
  if (method !== 'GET' && method !== 'HEAD') throw new HttpRefusal('method-not-allowed', '', { Allow: allowed })
  if (readParameter(target, 'swiftinfo_sig') || readParameter(target, 'swiftinfo_expires')) {
    throw new Refusal('forbidden')
  }
  return respond(c, 200, { 'Content-Type': 'application/json; charset=UTF-8' }, JSON.stringify(info))
}

const allowed = 'GET, HEAD, OPTIONS'

const crossDomainPolicy = [
  '<?xml version="1.0"?>',
  '<!DOCTYPE cross-domain-policy SYSTEM "http://www.adobe.com/xml/dtds/cross-domain-policy.dtd" >',
  '<cross-domain-policy>',
  '<allow-access-from domain="*" secure="false" />',
  '</cross-domain-policy>',
].join('\n')
