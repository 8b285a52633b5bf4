import { explanationOf, statusOf } from '../http/refusal-response.js'
import { report, type ReportFormat, statusLine } from '../http/report.js'
import { lastModified } from '../timestamps.js'
import type { SegmentProblem } from './check-manifest.js'
import type { DeleteOutcome, StoreOutcome } from './large-object-service.js'

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
