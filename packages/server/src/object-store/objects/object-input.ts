import { isUtf8 } from 'node:buffer'
import type { HttpContext } from '../../context.js'
import { Refusal } from '../../refusal.js'
import { checkName, type ObjectAddress } from '../address.js'
import { type Span, UnsatisfiableRange } from '../byte-range.js'
import { readObjectMetadata } from '../http/metadata-headers.js'
import { isTrue, parseAccount, parseAddress } from '../http/target.js'
import { swiftLimits } from '../limits.js'
import type { Content } from './content.js'
import type { CopyRequest } from './copy-service.js'
import { type ObjectInput, tooLarge } from './object-service.js'
import { mimes } from 'hono/utils/mime'

/**
 * Reads the headers of a PUT that describe its object.
 * @throws Refusal invalid, length-required, over-limit
 */
export function readPut(c: HttpContext, at: ObjectAddress): ObjectInput {
  const manifest = c.req.header('x-object-manifest')
  if (manifest !== undefined && !/^[^/?&]+\/[^/?&][^?&]*$/.test(manifest)) {
    throw new Refusal('invalid', 'X-Object-Manifest must be in the format container/prefix')
  }
  const length = c.req.header('content-length')
  if (length === undefined && c.req.header('transfer-encoding') === undefined) throw new Refusal('length-required')
  if (length !== undefined && Number(length) > swiftLimits.max_file_size) throw tooLarge()
  checkName(at)
  const contentType = c.req.header('content-type')
  if (!isUtf8(Buffer.from(contentType ?? '', 'latin1'))) throw new Refusal('invalid', 'Invalid Content-Type')
  if (!/^\d+$/.test(length ?? '0')) throw new Refusal('invalid', 'Invalid Content-Length')
  const isDeclared = contentType && !isTrue(c.req.header('x-detect-content-type'))
  return {
    contentType: isDeclared ? contentType : contentTypeByName(at.object),
    metadata: readObjectMetadata(c),
    etag: c.req.header('etag')?.replaceAll('"', ''),
    onlyNew: c.req.header('if-none-match') === '*',
  }
}

/**
 * Reads a PUT that copies another object; undefined for one that sends its own bytes.
 * @throws Refusal failed-condition, invalid
 */
export function readPutCopy(c: HttpContext, to: ObjectAddress): CopyRequest | undefined {
  const source = c.req.header('x-copy-from')
  if (!source) return undefined
  const account = c.req.header('x-copy-from-account')
  const from = parseAddress(account ? parseAccount(account) : to.account, 'X-Copy-From', source)
  if (Number(c.req.header('content-length') ?? 0) > 0) {
    throw new Refusal('invalid', 'Copy requests require a zero byte body')
  }
  return copyRequest(c, from, to)
}

/** Reads a COPY request. @throws Refusal failed-condition */
export function readCopy(c: HttpContext, from: ObjectAddress): CopyRequest {
  const destination = c.req.header('destination')
  if (!destination) throw new Refusal('failed-condition', 'Destination header required')
  const account = c.req.header('destination-account')
  const to = account === undefined ? from.account : parseAccount(account)
  return copyRequest(c, from, parseAddress(to, 'Destination', destination))
}

function copyRequest(c: HttpContext, from: ObjectAddress, to: ObjectAddress): CopyRequest {
  return {
    from,
    to,
    metadata: readObjectMetadata(c),
    isFresh: isTrue(c.req.header('x-fresh-metadata')),
    contentType: c.req.header('content-type') || undefined,
  }
}

/** The bytes of a part, and the number of parts. */
interface Part extends Span {
  readonly count: number
}

/**
 * The part that `?part-number` requests, counted from 1 (swift/common/middleware/slo.py `get_valid_part_num`);
 * undefined when none is requested or the object has no parts.
 * @throws Refusal invalid; UnsatisfiableRange
 */
export async function readPart(c: HttpContext, content: Content): Promise<Part | undefined> {
  const asked = c.req.query('part-number')
  if (asked === undefined || !content.parts) return undefined
  const number = /^\d+$/.test(asked) ? Number(asked) : 0
  if (number < 1) throw new Refusal('invalid', 'Part number must be an integer greater than 0')
  if (c.req.header('range') !== undefined) {
    throw new Refusal('invalid', 'Range requests are not supported with part number queries')
  }
  const lengths = await content.parts()
  const length = lengths[number - 1]
  if (length === undefined) {
    throw new UnsatisfiableRange(content.size, 'The requested part number is not satisfiable', lengths.length)
  }
  const start = lengths.slice(0, number - 1).reduce((sum, each) => sum + each, 0)
  return { start, end: start + length - 1, count: lengths.length }
}

/** Python's `mimetypes.suffix_map` and `encodings_map`: endings that stand for two, and endings for a compression. */
const short: Readonly<Record<string, string>> = {
  tgz: 'tar.gz',
  taz: 'tar.gz',
  tz: 'tar.gz',
  tbz2: 'tar.bz2',
  txz: 'tar.xz',
}
const compressions = ['gz', 'Z', 'bz2', 'xz', 'br']
/** Types for which Python differs from the list, or that the list lacks. */
const others: Readonly<Record<string, string>> = { tar: 'application/x-tar', ico: 'image/vnd.microsoft.icon' }

/**
 * The type of an object by its name (swift/proxy/controllers/obj.py `_update_content_type`). Only knows the endings
 * that every Python knows; a real Swift also uses its host's mime.types.
 */
export function contentTypeByName(name: string): string {
  return guess(name) ?? 'application/octet-stream'
}

function guess(name: string): string | undefined {
  const [, ...endings] = (name.split('/').at(-1) ?? '').replace(/^\.+/, '').split('.')
  const last = endings.pop() ?? ''
  endings.push(...(ownOf(short, last) ?? last).split('.'))
  if (compressions.includes(endings.at(-1) ?? '')) endings.pop()
  const ending = endings.at(-1)?.toLowerCase() ?? ''
  const type = ownOf(others, ending) ?? ownOf(mimes, ending)
  return type?.split(';')[0]
}

/** Only looks up own keys, because a name may end in an inherited one such as `constructor`. */
function ownOf(types: Readonly<Record<string, string>>, ending: string): string | undefined {
  return Object.hasOwn(types, ending) ? types[ending] : undefined
}
