import type { Document, ErrorCode, Node } from 'yaml'
import { plainMapping } from './plain-mapping.js'

/**
 * A text that is not YAML. Reports the position and the reason, but never quotes the text, which may be a password: the
 * parser's own messages do.
 */
export class YamlError extends Error {
  /** `:12:3`, to append to the file name; empty when the position is not known. */
  readonly place: string

  constructor(reason: string, place = '') {
    super(reason)
    this.place = place
  }
}

/** How a text is read. */
export interface YamlOptions {
  /**
   * Reads clouds.yaml as it is written for PyYAML. Every scalar stays the text that was written, since `0042`, `1e3`
   * and `no` may be names or passwords; empty values and `~` or `null` without quotes are null. `<<` merges mappings,
   * and the last of repeated keys takes effect.
   * @default false: YAML 1.2, in which a repeated key is an error
   */
  readonly asWritten?: boolean | undefined
}

/** The content of a text. */
export interface YamlText {
  readonly value: unknown
  /** Keys that occurred earlier in the same mapping, e.g. `password:12:3`, with `asWritten`. */
  readonly repeated: readonly string[]
}

/**
 * Reads YAML, or JSON, which is also YAML, in time proportional to the length of the text.
 * @throws YamlError
 */
export async function readYaml(text: string, { asWritten = false }: YamlOptions = {}): Promise<YamlText> {
  const plain = asWritten ? plainMapping(text) : undefined
  return plain ? { value: plain, repeated: [] } : parse(text, asWritten)
}

/** @internal With the parser of all of YAML. */
export async function parse(text: string, asWritten: boolean): Promise<YamlText> {
  const { LineCounter, parseDocument } = await import('./yaml-package.js')
  const lines = new LineCounter()
  const placeOf = (offset: number | undefined): string => {
    if (offset === undefined) return ''
    const { line, col } = lines.linePos(offset)
    return `:${line}:${col}`
  }
  const document = parseDocument(text, {
    ...(asWritten && { schema: 'failsafe', merge: true }),
    lineCounter: lines,
    // By default, the parser writes warnings that quote the text to stderr, compares each key with every other key, and
    // quotes the text in each of its errors.
    logLevel: 'error',
    uniqueKeys: false,
    prettyErrors: false,
  })
  const [problem] = document.errors
  if (problem) throw new YamlError(reasons[problem.code] ?? 'it cannot be read', placeOf(problem.pos[0]))
  const repeated = await look(document, asWritten, placeOf)
  return { value: valueOf(document), repeated }
}

/** Visits all nodes once: rejects what the parser accepts but tyrax does not, and turns empty values into null. */
async function look(
  document: Document.Parsed,
  asWritten: boolean,
  placeOf: (offset: number | undefined) => string,
): Promise<string[]> {
  const { isScalar, visit } = await import('./yaml-package.js')
  let nodes = 0
  let aliases = 0
  const repeated: string[] = []
  const anchors = new Set<string>()
  const see = ({ anchor, tag, range }: Pick<Node, 'tag' | 'range'> & { anchor?: string }): void => {
    nodes += 1
    if (anchor !== undefined) anchors.add(anchor)
    if (tag !== undefined && !knownTags.test(tag))
      throw new YamlError(`${reasons.TAG_RESOLVE_FAILED}`, placeOf(range?.[0]))
  }
  visit(document, {
    Scalar(key, node) {
      see(node)
      const isBare = node.type === 'PLAIN' && (node.tag === undefined || node.tag.endsWith(':null'))
      if (asWritten && key !== 'key' && isBare && /^(~|null|Null|NULL|)$/.test(String(node.value))) node.value = null
    },
    Seq: (_, node) => see(node),
    Map(_, node) {
      see(node)
      const seen = new Set<unknown>()
      for (const { key } of node.items as { key: Node | null }[]) {
        const name = isScalar(key) ? key.value : key
        const place = placeOf(key?.range?.[0])
        if (seen.has(name) && !(asWritten && name === '<<')) {
          if (!asWritten) throw new YamlError('a key appears twice', place)
          repeated.push(`${String(name)}${place}`)
        }
        seen.add(name)
      }
    },
    Alias(_, { source, range }) {
      aliases += 1
      if (!anchors.has(source)) throw new YamlError(`${reasons.BAD_ALIAS}`, placeOf(range?.[0]))
    },
  })
  // The anchor of each alias is searched from the beginning of the document.
  if (aliases * nodes > mostLooks) throw new YamlError('it has too many aliases')
  return repeated
}

/** @throws YamlError for aliases that expand to too much, and for `<<` with anything other than mappings */
function valueOf(document: Document.Parsed): unknown {
  try {
    // Aliases share the value of their anchor without copying it; the limit is for aliases that refer to other aliases.
    return document.toJS({ maxAliasCount: mostAliases })
  } catch (error) {
    const isMerge = error instanceof Error && error.message.startsWith('Merge sources')
    throw new YamlError(
      isMerge ? '<< merges a mapping (*name) or a list of them, and nothing else' : 'its aliases expand to too much',
    )
  }
}

const mostAliases = 10_000
/** Tags that do not change how a plain value is read. */
const knownTags = /^(!|tag:yaml\.org,2002:(str|int|float|bool|null|timestamp|map|seq|merge))$/
const mostLooks = 20_000_000

const reasons: Partial<Record<ErrorCode, string>> = {
  ALIAS_PROPS: 'an alias has an anchor or a tag of its own',
  BAD_ALIAS: 'an alias (*name) has no anchor (&name) before it; text that begins with * or & needs quotes',
  BAD_COLLECTION_TYPE: 'a tag does not fit the value after it',
  BAD_DIRECTIVE: 'a line that begins with % is malformed',
  BAD_DQ_ESCAPE: 'text in double quotes has an unknown escape; write \\\\, or use single quotes',
  BAD_INDENT: 'the indentation is wrong',
  BAD_PROP_ORDER: 'an anchor or tag is before the sign that it has to follow',
  BAD_SCALAR_START: 'text that begins with a character such as @, ` or % needs quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a mapping or list begins on the line of another; text with ": " in it needs quotes',
  BLOCK_IN_FLOW: 'a block mapping or list is inside brackets or braces',
  KEY_OVER_1024_CHARS: 'a key is longer than 1024 characters',
  MISSING_CHAR: 'a quote, bracket, comma, colon or space is missing',
  MULTILINE_IMPLICIT_KEY: 'a key goes over several lines, or a colon is missing',
  MULTIPLE_ANCHORS: 'a value has several anchors',
  MULTIPLE_DOCS: 'it has several documents (---)',
  MULTIPLE_TAGS: 'a value has several tags; text that begins with ! needs quotes',
  NON_STRING_KEY: 'a key is not text',
  RESOURCE_EXHAUSTION: 'it is nested too deeply',
  TAB_AS_INDENT: 'a tab is used for indentation; use spaces',
  TAG_RESOLVE_FAILED: 'a tag is not known; text that begins with ! needs quotes',
  UNEXPECTED_TOKEN: 'something is in a wrong place; text with special characters needs quotes',
}
