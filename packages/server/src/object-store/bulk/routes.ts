import type { HttpContext } from '../../context.js'
import { respond } from '../../http/respond.js'
import { targetOf } from '../../http/wire-request.js'
import { Refusal } from '../../refusal.js'
import type { Access } from '../access/access.js'
import { textOf } from '../bytes-as-text.js'
import { readObjectMetadata } from '../http/metadata-headers.js'
import { statusOf } from '../http/refusal-response.js'
import { report, type ReportFormat, reportFormat, statusLine } from '../http/report.js'
import { requestBody } from '../http/request-body.js'
import { readParameter, type SwiftPath, unescape } from '../http/target.js'
import { bulkDeleteLimits, swiftLimits } from '../limits.js'
import { contentTypeByName } from '../objects/object-input.js'
import type { BulkDeletion, BulkService, ExtractedInput, Extraction } from './bulk-service.js'
import { gunzip } from './gunzip.js'

type BulkHandler = (c: HttpContext, at: SwiftPath, access: Access) => Promise<Response>

/**
 * Finds the handler of a request for many objects; undefined for any other one. Like Swift's middleware, it comes before
 * the check of rights, as the outcome for each object is in the report, and the status is always 200.
 */
export function bulkHandler(bulk: BulkService): (c: HttpContext) => BulkHandler | undefined {
  const remove: BulkHandler = async (c, { account }, access) => {
    const format = reportFormat(c)
    const outcome = await stoppedByRefusal({ deleted: 0, missing: 0, problems: [] }, async () => {
      requireFormat(format)
      const contentType = c.req.header('content-type')
      if (contentType && !contentType.startsWith('text/plain')) throw new Refusal('not-acceptable')
      requireLength(c)
      return bulk.remove(account, await readNames(c), access)
    })
    return respond(c, 200, typeOf(format), deletionReport(format ?? 'text/plain', outcome))
  }

  const extract =
    (decode: (archive: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>): BulkHandler =>
    async (c, { account, container, object }, access) => {
      const format = reportFormat(c)
      const outcome = await stoppedByRefusal({ created: 0, problems: [] }, async () => {
        requireFormat(format)
        requireLength(c)
        const base = [container, object?.replace(/\/+$/, '')].filter(Boolean).join('/')
        return bulk.extract(account, base, decode(requestBody(c)), inputOf(c), access)
      })
      return respond(c, 200, typeOf(format), extractionReport(format ?? 'text/plain', outcome))
    }

  const decoders: Readonly<Record<string, BulkHandler>> = {
    tar: extract((archive) => archive),
    'tar.gz': extract(gunzip),
  }

  return (c) => {
    const { method } = c.req.raw
    const target = targetOf(c)
    if (!target.includes('?')) return undefined
    const archive = method === 'PUT' ? readParameter(target, 'extract-archive') : undefined
    if (archive !== undefined) {
      const format = archive.toLowerCase().replaceAll(/^\.+|\.+$/g, '')
      const handler = Object.hasOwn(decoders, format) ? decoders[format] : undefined
      if (handler === undefined) {
        const remedy = format === 'tar.bz2' ? ': this cloud extracts tar and tar.gz' : ''
        throw new Refusal('invalid', `Unsupported archive format${remedy}`)
      }
      return handler
    }
    if (method !== 'POST' && method !== 'DELETE') return undefined
    return readParameter(target, 'bulk-delete') === undefined ? undefined : remove
  }
}

/** An outcome that ends with the refusal that `work` throws. A client that has disconnected gets none. */
async function stoppedByRefusal<Outcome extends { readonly stopped?: Refusal | undefined }>(
  none: Outcome,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Refusal) || error.kind === 'cut-short') throw error
    return { ...none, stopped: error }
  }
}

function requireFormat(format: ReportFormat | undefined): void {
  if (format === undefined) throw new Refusal('not-acceptable')
}

function requireLength(c: HttpContext): void {
  const { 'content-length': length, 'transfer-encoding': encoding } = c.env.incoming.headers
  if (length === undefined && encoding === undefined) throw new Refusal('length-required')
}

const longestPath = swiftLimits.max_object_name_length + swiftLimits.max_container_name_length + 2

/** The names in the lines of the body. @throws Refusal over-limit, invalid, cut-short */
async function readNames(c: HttpContext): Promise<readonly string[]> {
  const names: string[] = []
  const take = (line: string) => {
    const name = textOf(unescape(line.trim()))
    if (name !== '') names.push(name)
    const most = bulkDeleteLimits.max_deletes_per_request
    if (names.length > most) throw new Refusal('over-limit', `Maximum Bulk Deletes: ${most} per request`)
  }
  let rest = ''
  for await (const chunk of requestBody(c)) {
    const lines = (rest + Buffer.from(chunk).toString('latin1')).split('\n')
    rest = lines.pop() ?? ''
    if ([...lines, rest].some((line) => line.length > longestPath * 3))
      throw new Refusal('invalid', 'Invalid File Name')
    lines.forEach(take)
  }
  take(rest)
  return names
}

/** The metadata of the request and of the file's extended header, and the type of that or by its name. */
function inputOf(c: HttpContext): ExtractedInput {
  const ofRequest = readObjectMetadata(c)
  const shared = Object.entries(ofRequest).filter(([name]) => /^x-(object-meta-|delete-at$)/.test(name))
  return (at, { records }) => {
    const own = [...records].flatMap(([key, value]) => {
      const [, name] = /^(?:SCHILY|LIBARCHIVE)\.xattr\.user\.meta\.(.+)$/s.exec(key) ?? []
      return name === undefined ? [] : [[`x-object-meta-${headerName(name)}`, headerText(value)] as const]
    })
    const mimeType = records.get('SCHILY.xattr.user.mime_type') ?? records.get('LIBARCHIVE.xattr.user.mime_type')
    return {
      contentType:
        mimeType === undefined
          ? contentTypeByName(at.object)
          : Buffer.from(headerText(mimeType), 'utf8').toString('latin1'),
      metadata: Object.fromEntries([...shared, ...own]),
      etag: undefined,
      onlyNew: false,
    }
  }
}

/** @throws Refusal invalid for what cannot be the name of a header */
function headerName(name: string): string {
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) throw new Refusal('invalid')
  return name.toLowerCase()
}

/** @throws Refusal invalid for a text that no header can hold */
function headerText(text: string): string {
  // oxlint-disable-next-line no-control-regex
  if (/[\x00-\x1f\x7f]/.test(text)) throw new Refusal('invalid')
  return text
}

function typeOf(format: ReportFormat | undefined): Record<string, string> {
  return { 'Content-Type': format ?? 'text/html; charset=UTF-8' }
}

function deletionReport(format: ReportFormat, { deleted, missing, problems, stopped }: BulkDeletion): string {
  const isEmpty = deleted + missing + problems.length === 0
  const end = stopped ?? (isEmpty ? new Refusal('invalid', 'Invalid bulk delete.') : undefined)
  const facts = { ...statusFacts(200, problems, end), 'Number Deleted': deleted, 'Number Not Found': missing }
  return report(format, facts, problems, 'delete')
}

function extractionReport(format: ReportFormat, { created, problems, stopped }: Extraction): string {
  return report(
    format,
    { ...statusFacts(201, problems, stopped), 'Number Files Created': created },
    problems,
    'extract',
  )
}

function statusFacts(good: number, problems: BulkDeletion['problems'], stopped: Refusal | undefined) {
  const failed = problems.some(({ problem }) => statusOf(problem.kind) >= 500) ? 502 : 400
  const status = stopped ? statusOf(stopped.kind) : problems.length > 0 ? failed : good
  return { 'Response Status': statusLine(status), 'Response Body': stopped?.message ?? '' }
}
