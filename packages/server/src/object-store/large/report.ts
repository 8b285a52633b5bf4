import type { SwiftContext } from '../http/response.js'

const formats = ['text/plain', 'application/json', 'application/xml', 'text/xml'] as const
type ReportFormat = (typeof formats)[number]

/** Which of the formats of a report the caller would have; plain text where it says nothing that helps. */
export function reportFormat(c: SwiftContext): ReportFormat {
  const accept = c.req.header('accept') ?? ''
  const wanted = accept.split(',').map((each) => (each.split(';')[0] ?? '').trim().toLowerCase())
  return wanted.flatMap((each) => formats.filter((format) => format === each))[0] ?? 'text/plain'
}

/**
 * What became of several objects at once (swift/common/request_helpers.py `get_heartbeat_response_body`).
 * @param failed names, percent-encoded, and what was wrong with each
 */
export function report(
  format: ReportFormat,
  facts: Readonly<Record<string, string | number>>,
  failed: readonly (readonly [name: string, problem: string])[],
  root: 'upload' | 'delete',
): string {
  if (format === 'application/json') return JSON.stringify({ ...facts, Errors: failed })
  const sorted = Object.entries(facts).toSorted(([a], [b]) => (a < b ? -1 : 1))
  if (format === 'text/plain') {
    const lines = sorted.map(([key, value]) => `${key}: ${value}\n`)
    return [...lines, 'Errors:\n', ...failed.map(([name, problem]) => `${name}, ${problem}\n`)].join('')
  }
  const elements = sorted.map(([key, value]) => {
    const tag = key.replaceAll(' ', '_').toLowerCase()
    return `<${tag}>${escapeXml(String(value))}</${tag}>\n`
  })
  const objects = failed.map(
    ([name, problem]) => `<object><name>${escapeXml(name)}</name><status>${escapeXml(problem)}</status></object>\n`,
  )
  return [`<${root}>\n`, ...elements, '<errors>\n', ...objects, `</errors>\n</${root}>\n`].join('')
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
