import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

const header = 'x-openstack-request-id'

/** Glance's `max_request_id_length` (glance/api/middleware/context.py). */
const longestRequestId = 64

/**
 * Assigns an id to an exchange: the client's if it sent one, otherwise `req-<uuid>`. Every response carries it.
 * @returns false when the client's id is too long
 */
export function assignRequestId(incoming: IncomingMessage, outgoing: ServerResponse): boolean {
  const given = incoming.headers[header]
  const isGiven = typeof given === 'string' && /^[\x21-\x7e]+$/.test(given)
  const fits = !isGiven || given.length <= longestRequestId
  outgoing.setHeader(header, isGiven && fits ? withPrefix(given) : `req-${randomUUID()}`)
  return fits
}

/** The id that `assignRequestId` assigned. */
export function requestIdOf(outgoing: ServerResponse): string {
  return String(outgoing.getHeader(header))
}

function withPrefix(id: string): string {
  return id.startsWith('req-') ? id : `req-${id}`
}
