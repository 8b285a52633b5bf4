import { httpReasons } from '@tyrax/protocol'
import type { ImageContext } from './resource.js'

/**
 * An error as Glance answers it, which depends on Accept (webob/exc.py `WSGIHTTPException.generate_response`): JSON,
 * HTML for wildcards, plain text for anything else.
 */
export function errorResponse(
  c: ImageContext,
  status: number,
  explanation: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const title = httpReasons[status] ?? 'Unknown Error'
  const code = `${status} ${title}`
  const form = preferredForm(c.req.header('accept'))
  const body = bodyText(c, status, form === 'html' ? escapeHtml(explanation) : explanation)
  for (const [name, value] of Object.entries(headers)) c.header(name, value)
  if (form === 'json') return respond(c, status, 'application/json', JSON.stringify({ message: body, code, title }))
  if (form === 'html') {
    const page = `<html>\n <head>\n  <title>${code}</title>\n </head>\n <body>\n  <h1>${code}</h1>\n  ${body}\n </body>\n</html>`
    return respond(c, status, 'text/html; charset=UTF-8', page)
  }
  return respond(c, status, 'text/plain; charset=UTF-8', `${code}\n\n${stripTags(body)}`)
}

function respond(c: ImageContext, status: number, contentType: string, text: string): Response {
  c.header('Content-Type', contentType)
  return c.newResponse(text, status as 400)
}

/** What webob puts around the explanation; two statuses have a sentence of their own. */
function bodyText(c: ImageContext, status: number, explanation: string): string {
  if (status === 405)
    return `The method ${c.req.method} is not allowed for this resource. <br /><br />\n${explanation}\n\n`
  if (status === 415) {
    const type = c.req.header('content-type') ?? ''
    return `The request media type ${type} is not supported by this server.\n<br /><br />\n${explanation}\n\n`
  }
  return `${explanation}<br /><br />\n\n\n`
}

function preferredForm(accept: string | undefined): 'json' | 'html' | 'plain' {
  if (accept === undefined || accept === 'application/json') return accept === undefined ? 'plain' : 'json'
  const html = quality(accept, 'text', 'html')
  const json = quality(accept, 'application', 'json')
  if (html === 0 && json === 0) return 'plain'
  return json > html ? 'json' : 'html'
}

/** How much an Accept header wants a media type: the q of the most specific range that covers it (RFC 9110 section 12.5.1). */
function quality(accept: string, type: string, subtype: string): number {
  let best = { specificity: -1, q: 0 }
  for (const range of accept.split(',')) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    const specificity = [`*/*`, `${type}/*`, `${type}/${subtype}`].indexOf(name)
    if (specificity <= best.specificity) continue
    const q = parameters.find((parameter) => parameter.startsWith('q='))
    best = { specificity, q: q === undefined ? 1 : Number(q.slice(2)) || 0 }
  }
  return best.q
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

function stripTags(text: string): string {
  return text
    .replaceAll('\n', ' ')
    .replaceAll(/<br.*?>/gi, '\n')
    .replaceAll(/<.*?>/g, '')
}
