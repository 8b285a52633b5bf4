import type { IncomingMessage, ServerResponse } from 'node:http'
import type { WantedForm } from '../../auth/login-means.js'

/** A token, however large. */
const longestForm = 64 * 1024

/**
 * Takes the form if it can be Keystone's: posted by a page that the person's browser shows, and from Keystone's origin
 * where the browser reports one. A page of https that posts to plain http has no origin and no referrer.
 */
export async function answerForm(
  request: IncomingMessage,
  response: ServerResponse,
  wanted: WantedForm,
  take: (value: string) => void,
): Promise<void> {
  const status = refusalOf(request, wanted)
  if (status !== undefined) return respond(response, status, refused)
  const text = await readForm(request)
  const value = text === undefined ? null : new URLSearchParams(text).get(wanted.field)
  if (!value) return respond(response, text === undefined ? 413 : 400, refused)
  respond(response, 200, done)
  take(value)
}

/** The status of a request that cannot be the form. */
function refusalOf({ url = '', method, headers }: IncomingMessage, wanted: WantedForm): number | undefined {
  // Otherwise a page could reach this port under a name of its own.
  const host = `${wanted.host.includes(':') ? `[${wanted.host}]` : wanted.host}:${wanted.port}`
  if (headers.host?.toLowerCase() !== host.toLowerCase()) return 421
  if (url.split('?')[0] !== wanted.path) return 404
  if (method !== 'POST') return 405
  if (headers['content-type']?.split(';')[0]?.trim().toLowerCase() !== 'application/x-www-form-urlencoded') return 415
  const isPage = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
  if (!isPage || headers['sec-fetch-site'] === 'none') return 403
  const { origin, referer } = headers
  if (origin !== undefined && origin !== 'null' && originOf(origin) !== wanted.from) return 403
  return referer !== undefined && originOf(referer) !== wanted.from ? 403 : undefined
}

function originOf(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).origin : undefined
}

async function readForm(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.byteLength
    if (length > longestForm) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function respond(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'",
    connection: 'close',
  })
  response.end(`<!doctype html><html lang="en"><meta charset="utf-8"><title>tyrax</title><p>${text}</p></html>`)
}

const done = 'You are signed in. You can close this window.'
const refused = 'This request was refused. You can close this window.'
