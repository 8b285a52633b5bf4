/**
 * Far above what OpenStack clients send, and low enough that one body cannot block the process: parsing time grows
 * with the number of values, and an error message that shows a value recurses into it.
 */
const mostDepth = 128
const mostValues = 100_000

/** The JSON has too many values to parse it without keeping other requests waiting. */
export class TooManyValues extends SyntaxError {
  override readonly name = 'TooManyValues'
  readonly most = mostValues

  constructor() {
    super(`the JSON has more than ${mostValues} values`)
  }
}

/** Whether parsed JSON is an object, rather than a list or a single value. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * Parses the JSON in a body.
 * @throws SyntaxError when it is not UTF-8, not JSON, nested too deeply or has too many values
 */
export function parseJson(body: Buffer): unknown {
  requireBounds(body)
  let text: string
  try {
    text = decoder.decode(body)
  } catch (error) {
    throw new SyntaxError('the body is not UTF-8', { cause: error })
  }
  return JSON.parse(text)
}

/** One pass over the bytes that skips strings. Invalid JSON is left to the parser. */
function requireBounds(body: Buffer): void {
  let depth = 0
  let deepest = 0
  let values = 0
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at]
    if (byte === quote) {
      at = endOfString(body, at)
    } else if (byte === openBrace || byte === openBracket) {
      depth += 1
      values += 1
      deepest = Math.max(deepest, depth)
    } else if (byte === closeBrace || byte === closeBracket) {
      depth -= 1
    } else if (byte === comma) {
      values += 1
    }
    if (values > mostValues) throw new TooManyValues()
  }
  if (deepest > mostDepth) throw new SyntaxError(`the JSON is nested more than ${mostDepth} deep`)
}

/** The index where the string that begins at `start` ends, or of the last byte if it is not closed. */
function endOfString(body: Buffer, start: number): number {
  for (let at = start + 1; at < body.length; at += 1) {
    if (body[at] === backslash) at += 1
    else if (body[at] === quote) return at
  }
  return body.length - 1
}

const code = (character: string) => character.charCodeAt(0)
const quote = code('"')
const backslash = code('\\')
const comma = code(',')
const openBrace = code('{')
const closeBrace = code('}')
const openBracket = code('[')
const closeBracket = code(']')
