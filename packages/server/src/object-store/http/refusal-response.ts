import { httpReasons } from '@tyrax/protocol'
import { BlobStorageFull } from '../../blobs/blob-store.js'
import type { HttpContext } from '../../context.js'
import { UnstorableText } from '../../database/guarded-database.js'
import { headersOf, refusalStatuses } from '../../http/http-refusal.js'
import { respond } from '../../http/respond.js'
import type { Logger } from '../../log.js'
import { Refusal, type RefusalKind } from '../../refusal.js'
import { UnsatisfiableRange } from '../byte-range.js'

/** Renders an error from a handler as Swift does: as a short HTML page, or as plain text if it has its own message. */
export function refusalResponse(c: HttpContext, error: unknown, log: Logger): Response {
  if (error instanceof Refusal) return render(c, error)
  if (error instanceof UnstorableText) {
    return render(c, new Refusal('failed-condition', 'Invalid UTF8 or contains NULL'))
  }
  log.error({ error, method: c.req.method, path: c.req.path }, 'an object-store request failed')
  return render(c, new Refusal(error instanceof BlobStorageFull ? 'storage-full' : 'unexpected'))
}

function render(c: HttpContext, refusal: Refusal): Response {
  const status = statusOf(refusal.kind)
  const headers = { ...headersOf(refusal), ...rangeHeaders(refusal) }
  if (refusal.message !== '') {
    return respond(c, status, { 'Content-Type': 'text/plain; charset=UTF-8', ...headers }, refusal.message)
  }
  const title = titles[status] ?? httpReasons[status] ?? 'Error'
  const page = `<html><h1>${title}</h1><p>${explanationOf(refusal.kind)}</p></html>`
  return respond(c, status, { 'Content-Type': 'text/html; charset=UTF-8', ...headers }, page)
}

function rangeHeaders(refusal: Refusal): Readonly<Record<string, string>> {
  if (!(refusal instanceof UnsatisfiableRange)) return {}
  const { size, parts } = refusal
  return {
    'Content-Range': `bytes */${size}`,
    ...(parts === undefined ? {} : { 'X-Parts-Count': String(parts) }),
  }
}

export function statusOf(kind: RefusalKind): number {
  // The client disconnected (swift/common/swob.py `HTTPClientDisconnect`).
  return kind === 'cut-short' ? 499 : refusalStatuses[kind]
}

/** Swift's default message for a refusal without its own. */
export function explanationOf(kind: RefusalKind): string {
  return explanations[statusOf(kind)] ?? ''
}

/** The messages in swift/common/swob.py `RESPONSE_REASONS`. */
const explanations: Readonly<Record<number, string>> = {
  400: 'The server could not comply with the request since it is either malformed or otherwise incorrect.',
  401: 'This server could not verify that you are authorized to access the document you requested.',
  403: 'Access was denied to this resource.',
  404: 'The resource could not be found.',
  405: 'The method is not allowed for this resource.',
  406: 'The resource is not available in a format acceptable to your browser.',
  409: 'There was a conflict when trying to complete your request.',
  411: 'Content-Length header required.',
  412: 'A precondition for this request was not met.',
  416: 'The Range requested is not available.',
  422: 'Unable to process the contained instructions',
  499: 'The client was disconnected during request.',
  500: 'The server has either erred or is incapable of performing the requested operation.',
  507: 'There was not enough space to save the resource.',
}

/** The reasons of statuses that Swift words differently. */
export const titles: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  416: 'Requested Range Not Satisfiable',
  422: 'Unprocessable Entity',
  499: 'Client Disconnect',
  500: 'Internal Error',
  507: 'Insufficient Storage',
}
