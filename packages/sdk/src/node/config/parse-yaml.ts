import type { Document, ErrorCode, Node } from 'yaml'

/**
 * A text that is not YAML. Says where and why, and never what stands there, which may be a password: the parser's own
 * messages quote it.
 */
export class YamlError extends Error {
  /** `:12:3`, to be put behind the name of the file; empty where the place is not known. */
  readonly place: string

  constructor(reason: string, place = '') {
    super(reason)
    this.place = place
  }
}

/** How a text is read. */
export interface YamlOptions {
  /** Whether `<<` merges mappings. @default false */
  readonly merge?: boolean | undefined
}

/**
 * Parses YAML, or JSON, which is YAML too, in time that grows with the length of the text.
 * @throws YamlError
 */
export async function parseYaml(text: string, options: YamlOptions = {}): Promise<Document.Parsed> {
  const { LineCounter, parseDocument, visit } = await import('yaml')
  const lines = new LineCounter()
  const placeOf = (offset: number | undefined): string => {
    if (offset === undefined) return ''
    const { line, col } = lines.linePos(offset)
    return `:${line}:${col}`
  }
  const document = parseDocument(text, {
    merge: options.merge ?? false,
    lineCounter: lines,
    // Warnings would go to stderr, with what they are about; the parser compares each key with each, and quotes the
    // text with each of its errors.
    logLevel: 'error',
    uniqueKeys: false,
    prettyErrors: false,
  })
  const [problem] = document.errors
  if (problem) throw new YamlError(reasons[problem.code] ?? 'it cannot be read', placeOf(problem.pos[0]))
  let nodes = 0
  let aliases = 0
  const anchors = new Set<string>()
  const see = ({ anchor }: { anchor?: string }): void => {
    nodes += 1
    if (anchor !== undefined) anchors.add(anchor)
  }
  visit(document, {
    Scalar: (_, node) => see(node),
    Seq: (_, node) => see(node),
    Map(_, node) {
      see(node)
      const seen = new Set<unknown>()
      for (const { key } of node.items as { key: Node | null }[]) {
        const name = key !== null && 'value' in key ? key.value : key
        if (seen.has(name) && !(options.merge && name === '<<')) {
          throw new YamlError('a key is there twice', placeOf(key?.range?.[0]))
        }
        seen.add(name)
      }
    },
    Alias(_, { source, range }) {
      aliases += 1
      if (!anchors.has(source)) throw new YamlError(`${reasons.BAD_ALIAS}`, placeOf(range?.[0]))
    },
  })
  // Each alias is looked for from the beginning.
  if (aliases * nodes > mostLooks) throw new YamlError('it has too many aliases')
  return document
}

/**
 * The values of a document.
 * @throws YamlError for aliases that stand for too much
 */
export function yamlValue(document: Document.Parsed): unknown {
  try {
    return document.toJS()
  } catch {
    throw new YamlError('its aliases stand for too much')
  }
}

const mostLooks = 20_000_000

const reasons: Partial<Record<ErrorCode, string>> = {
  ALIAS_PROPS: 'an alias has an anchor or a tag of its own',
  BAD_ALIAS: 'an alias (*name) has no anchor (&name) before it; a text that begins with * or & needs quotes',
  BAD_COLLECTION_TYPE: 'a tag does not fit what stands behind it',
  BAD_DIRECTIVE: 'a line that begins with % is not written right',
  BAD_DQ_ESCAPE: 'a text in double quotes has a backslash that means nothing; write \\\\, or use single quotes',
  BAD_INDENT: 'the indentation is not right',
  BAD_PROP_ORDER: 'an anchor or tag stands before the sign that it belongs behind',
  BAD_SCALAR_START: 'a text begins with a character such as @, ` or %, and needs quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a mapping or list begins on the line of another; a text with ": " in it needs quotes',
  BLOCK_IN_FLOW: 'a block mapping or list stands within brackets or braces',
  KEY_OVER_1024_CHARS: 'a key is longer than 1024 characters',
  MISSING_CHAR: 'a quote, bracket, comma, colon or blank is missing',
  MULTILINE_IMPLICIT_KEY: 'a key goes over several lines, or a colon is missing',
  MULTIPLE_ANCHORS: 'a value has several anchors',
  MULTIPLE_DOCS: 'it has several documents (---)',
  MULTIPLE_TAGS: 'a value has several tags; a text that begins with ! needs quotes',
  NON_STRING_KEY: 'a key is not a text',
  RESOURCE_EXHAUSTION: 'it is nested too deeply',
  TAB_AS_INDENT: 'a tab is used for indentation; use blanks',
  TAG_RESOLVE_FAILED: 'a tag is not known; a text that begins with ! needs quotes',
  UNEXPECTED_TOKEN: 'something stands where it cannot; a text with special characters needs quotes',
}
