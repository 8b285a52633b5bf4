import type { HttpContext } from '../../context.js'
import { targetOf } from '../../http/wire-request.js'
import { Refusal } from '../../refusal.js'
import { titleCase } from '../metadata.js'
import { readParameter, type SwiftPath } from './target.js'

/** What a header asks for, in words for its refusal, by beginnings of its name. */
const features: readonly (readonly [feature: string, header: RegExp])[] = [
  ['versions of objects', /^x-(versions-enabled|versions-location|history-location)$/],
  ['synchronization of containers', /^x-container-sync-(key|to)$/],
  ['static web pages', /^(x-web-mode|x-container-meta-web-.+)$/],
  ['symbolic links', /^x-symlink-target(-account|-etag)?$/],
]

/** Headers that belong to containers, and are without effect for objects. */
const ofContainers = /^x-(versions-|history-|container-)/

/**
 * Refuses what this cloud would otherwise accept and not do: a test against it would pass, and fail on a Swift that does
 * it.
 * @throws Refusal invalid
 */
export function refuseUnsupported(c: HttpContext, { container, object }: SwiftPath, hasCaller: boolean): void {
  const { method } = c.req.raw
  const target = targetOf(c)
  if (target.includes('version') && container !== undefined) {
    const name = object === undefined ? 'versions' : 'version-id'
    if (readParameter(target, name) !== undefined) throw refusal(`?${name}`, 'versions of objects')
  }
  const isForm = /^multipart\/form-data\b/i.test(c.req.header('content-type') ?? '')
  if (method === 'POST' && container !== undefined && isForm && !hasCaller)
    throw refusal('FormPost', 'uploads by forms')
  if (method === 'GET' || method === 'HEAD') {
    if (c.req.header('x-web-mode')) throw refusal('X-Web-Mode', 'static web pages')
    return
  }
  for (const [name, value] of c.req.raw.headers) {
    if (!name.startsWith('x-') || value === '') continue
    if (ofContainers.test(name) && (object !== undefined || container === undefined)) continue
    const feature = features.find(([, header]) => header.test(name))
    if (feature !== undefined) throw refusal(titleCase(name), feature[0])
  }
}

function refusal(what: string, feature: string): Refusal {
  return new Refusal('invalid', `${what} is not supported: this cloud has no ${feature}. /info names what it has.`)
}
