import { STATUS_CODES } from 'node:http'
import { httpReasons } from '@tyrax/protocol'
import type { HttpContext } from '../../context.js'
import { quotePath } from '../address.js'
import { explanationOf, statusOf } from '../http/refusal-response.js'
import { lastModified } from '../timestamps.js'
import type { SegmentProblem } from './check-manifest.js'
import type { DeleteOutcome, StoreOutcome } from './large-object-service.js'

const formats = ['text/plain', 'application/json', 'application/xml', 'text/xml'] as const
type ReportFormat = (typeof formats)[number]
type Facts = Readonly<Record<string, string | number>>

/** The format of a report that the client accepts; plain text if it accepts none of them. */
export function reportFormat(c: HttpContext): ReportFormat {
  const accept = c.req.header('accept') ?? ''
  const wanted = accept.split(',').map((each) => (each.split(';')[0] ?? '').trim().toLowerCase())
  return wanted.flatMap((each) => formats.filter((format) => format === each))[0] ?? 'text/plain'
}

/** Reports the segments that prevent a manifest from being stored. */
export function problemReport(format: ReportFormat, problems: readonly SegmentProblem[]): string {
  return report(format, {}, problems, 'upload')
}

/** Reports the outcome of storing a manifest, status included, for a response whose own status was sent before. */
export function storeReport(format: ReportFormat, outcome: StoreOutcome): string {
  if (outcome.kind === 'stored') {
    const facts = {
      'Response Status': statusLine(201),
      'Response Body': '',
      Etag: `"${outcome.etag}"`,
      'Last Modified': lastModified(outcome.record.modifiedMs),
    }
    return report(format, facts, [], 'upload')
  }
  const kind = outcome.kind === 'problems' ? 'invalid' : 'mismatch'
  const facts = { 'Response Status': statusLine(statusOf(kind)), 'Response Body': explanationOf(kind) }
  return report(format, facts, outcome.kind === 'problems' ? outcome.problems : [], 'upload')
}

export function deleteReport(format: ReportFormat, { deleted, missing, problems }: DeleteOutcome): string {
  const facts = {
    'Response Status': statusLine(problems.length > 0 ? 400 : 200),
    'Response Body': '',
    'Number Deleted': deleted,
    'Number Not Found': missing,
  }
  return report(format, facts, problems, 'delete')
}

/** Reports the outcome for several objects (swift/common/request_helpers.py `get_heartbeat_response_body`). */
function report(
  format: ReportFormat,
  facts: Facts,
  problems: readonly SegmentProblem[],
  root: 'upload' | 'delete',
): string {
  const failed = problems.map(
    ({ name, problem }) =>
      [quotePath(name), typeof problem === 'string' ? problem : statusLine(statusOf(problem.kind))] as const,
  )
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

/** `404 Not Found` */
function statusLine(status: number): string {
  return `${status} ${httpReasons[status] ?? STATUS_CODES[status] ?? ''}`
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
