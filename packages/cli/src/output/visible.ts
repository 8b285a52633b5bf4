/**
 * Characters that a terminal would interpret or not show: control characters (C0, DEL, C1), line and paragraph
 * separators, and characters that reorder text or have no width. Not included are variation selectors of emoji and the
 * visible format characters.
 */
const hidden =
  /(?![\uFE00-\uFE0F\u0600-\u0605\u06DD\u070F\u0890\u0891\u08E2\u{110BD}\u{110CD}])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/** Anything but printable ASCII and line breaks. Where there is none, `hidden`, which is slow to compile, is not needed. */
const unusual = /[^\n -~]/

/**
 * Turns text into one line in which every character is visible: a line break is `\n`, an escape `\x1b`, a bidi override
 * `\u202e`.
 */
export function oneLine(text: string): string {
  if (!unusual.test(text) && !text.includes('\n')) return text
  return text.replaceAll(hidden, escaped)
}

/** Keeps line breaks and tabs, and shows everything else that is invisible as {@link oneLine} does. */
export function visible(text: string): string {
  if (!unusual.test(text)) return text
  return text.replaceAll(hidden, (character) =>
    character === '\n' || character === '\t' ? character : escaped(character),
  )
}

/**
 * The same for text that contains our own styles. The text between them has passed through {@link oneLine}.
 */
export function visibleBesidesStyles(text: string): string {
  return text
    .split(ownSequences)
    .map((part, index) => (index % 2 === 1 ? part : visible(part)))
    .join('')
}

// oxlint-disable-next-line no-control-regex
const ownSequences = /(\u001B\[(?:1|2|22|31|32|33|39)m)/

/** Escapes only line breaks: for programs that expect one record per line. */
export function withoutLineBreaks(text: string): string {
  return text.replaceAll(/[\n\r]/g, escaped)
}

/** JSON in which invisible characters are escaped, so that it is safe on a terminal and the same value for a parser. */
export function jsonText(value: unknown, indent?: number): string {
  const json = JSON.stringify(value, null, indent)
  if (!unusual.test(json)) return json
  return json.replaceAll(hidden, (character) => (character === '\n' ? character : unicodeEscapes(character)))
}

/** YAML in which every string with invisible characters is double-quoted, with those escaped. */
export function escapedInQuotes(yaml: string): string {
  if (!unusual.test(yaml)) return yaml
  return yaml.replaceAll(hidden, (character) => {
    if (character === '\n' || character === '\t') return character
    const code = character.codePointAt(0) ?? 0
    return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`
  })
}

/** `\u2028`; two escapes for characters beyond U+FFFF. */
function unicodeEscapes(character: string): string {
  return Array.from({ length: character.length }, (_, index) => `\\u${hex(character.charCodeAt(index), 4)}`).join('')
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0
  const letter = letters[character]
  if (letter !== undefined) return letter
  if (code < 0x100) return `\\x${hex(code, 2)}`
  return code > 0xffff ? `\\u{${hex(code, 4)}}` : `\\u${hex(code, 4)}`
}

const letters: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0')
