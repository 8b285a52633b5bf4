import { SwiftFault } from '../errors.js'
import type { Content } from '../large/large-contents.js'

/** Which bytes a part is, both bounds included, and of how many parts. */
export interface Part {
  readonly start: number
  readonly end: number
  readonly count: number
}

/**
 * The part that `?part-number` asks for, counted from 1 (swift/common/middleware/slo.py `get_valid_part_num`); undefined
 * when it asks for none, or the object has no parts.
 * @throws SwiftFault 400, 416
 */
export async function readPart(
  asked: string | undefined,
  range: string | undefined,
  content: Content,
): Promise<Part | undefined> {
  if (asked === undefined || !content.parts) return undefined
  const number = /^\d+$/.test(asked) ? Number(asked) : 0
  if (number < 1) throw new SwiftFault(400, 'Part number must be an integer greater than 0')
  if (range !== undefined) throw new SwiftFault(400, 'Range requests are not supported with part number queries')
  const lengths = await content.parts()
  const length = lengths[number - 1]
  if (length === undefined) {
    const headers = { 'Content-Range': `bytes */${content.size}`, 'X-Parts-Count': String(lengths.length) }
    throw new SwiftFault(416, 'The requested part number is not satisfiable', headers)
  }
  const start = lengths.slice(0, number - 1).reduce((sum, each) => sum + each, 0)
  return { start, end: start + length - 1, count: lengths.length }
}
