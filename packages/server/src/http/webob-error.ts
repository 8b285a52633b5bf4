import { httpReasons } from '@tyrax/protocol'

/** The content of an error, and what its wording depends on. */
export interface WebobError {
  readonly status: number
  readonly explanation: string
  readonly accept: string | undefined
  /** The request's method, shown in a 405. */
  readonly method: string
  /** The request's content type, shown in a 415. */
  readonly contentType: string | undefined
}

/** The most characters of an explanation: enough for a reader, however long the client's text in it is. */
const longestExplanation = 4096

/**
 * An error's body as webob writes it (webob/exc.py `WSGIHTTPException.generate_response`): JSON, HTML for wildcards,
 * plain text for anything else. Text from clients is cut to length, and escaped in HTML; nothing is stripped from it.
 */
export function webobError(error: WebobError): { readonly contentType: string; readonly text: string } {
  const title = httpReasons[error.status] ?? 'Unknown Error'
  const code = `${error.status} ${title}`
  const form = preferredForm(error.accept)
  if (form === 'json') {
    return {
      contentType: 'application/json',
      text: JSON.stringify({ message: sentences(error, asIs, htmlBreaks), code, title }),
    }
  }
  if (form === 'html') {
    const body = sentences(error, escapeHtml, htmlBreaks)
    const text = `<html>\n <head>\n  <title>${code}</title>\n </head>\n <body>\n  <h1>${code}</h1>\n  ${body}\n </body>\n</html>`
    return { contentType: 'text/html; charset=UTF-8', text }
  }
  return {
    contentType: 'text/plain; charset=UTF-8',
    text: `${code}\n\n${sentences(error, onOneLine, plainBreaks)}`,
  }
}

/** The first characters of a text, with an ellipsis if it was cut. */
export function cutText(text: string): string {
  return text.length <= longestExplanation ? text : `${text.slice(0, longestExplanation)}…`
}

/**
 * What webob puts around the explanation, as HTML and as plain text (its `strip_tags` turns a line end into a space).
 */
const htmlBreaks = { line: '\n', breaks: '<br /><br />\n' }
const plainBreaks: typeof htmlBreaks = { line: ' ', breaks: '\n\n ' }

/** Two statuses have a sentence of their own before the explanation. */
function sentences(error: WebobError, show: (text: string) => string, { line, breaks }: typeof htmlBreaks): string {
  const explanation = show(cutText(error.explanation))
  if (error.status === 405) {
    const method = show(cutText(error.method))
    return `The method ${method} is not allowed for this resource. ${breaks}${explanation}${line}${line}`
  }
  if (error.status === 415) {
    const type = show(cutText(error.contentType ?? ''))
    return `The request media type ${type} is not supported by this server.${line}${breaks}${explanation}${line}${line}`
  }
  return `${explanation}${breaks}${line}${line}`
}

function preferredForm(accept: string | undefined): 'json' | 'html' | 'plain' {
  if (accept === undefined || accept === 'application/json') return accept === undefined ? 'plain' : 'json'
  const html = quality(accept, 'text', 'html')
  const json = quality(accept, 'application', 'json')
  if (html === 0 && json === 0) return 'plain'
  return json > html ? 'json' : 'html'
}

/**
 * The quality of a media type in an Accept header: the q of the most specific matching range (RFC 9110 section 12.5.1).
 */
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

function asIs(text: string): string {
  return text
}

function onOneLine(text: string): string {
  return text.replaceAll('\n', ' ')
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
