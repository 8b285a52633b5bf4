import { STATUS_CODES } from 'node:http'
import { httpReasons } from '@tyrax/protocol'
import type { HttpContext } from '../../context.js'
import { Refusal } from '../../refusal.js'
import { quotePath } from '../address.js'
import { bestMatch } from './accept.js'
import { statusOf, titles } from './refusal-response.js'
import { escapeText } from './xml.js'

const formats = ['text/plain', 'application/json', 'application/xml', 'text/xml'] as const
export type ReportFormat = (typeof formats)[number]

/** What went wrong with one of several objects: a message, or why the request for it was refused. */
export interface ReportedProblem {
  readonly name: string
  readonly problem: string | Refusal
}

/** The format of a report that the client accepts; undefined if it accepts none of them. */
export function reportFormat(c: HttpContext): ReportFormat | undefined {
  try {
    return bestMatch(c.req.header('accept'), formats)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

/** Reports the outcome for several objects (swift/common/request_helpers.py `get_heartbeat_response_body`). */
export function report(
  format: ReportFormat,
  facts: Readonly<Record<string, string | number>>,
  problems: readonly ReportedProblem[],
  root: 'upload' | 'delete' | 'extract',
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
    return `<${tag}>${escapeText(String(value))}</${tag}>\n`
  })
  const objects = failed.map(
    ([name, problem]) => `<object><name>${escapeText(name)}</name><status>${escapeText(problem)}</status></object>\n`,
  )
  return [`<${root}>\n`, ...elements, '<errors>\n', ...objects, `</errors>\n</${root}>\n`].join('')
}

/** `404 Not Found` */
export function statusLine(status: number): string {
  return `${status} ${titles[status] ?? httpReasons[status] ?? STATUS_CODES[status] ?? ''}`
}
