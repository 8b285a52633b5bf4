const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  '#39': "'",
}

/** Longer than any proxy's page; a server may send a text of any length. */
export const longestPage = 64 * 1024

/** The words of an HTML or plain text, on one line: no tags, no head, entities decoded. A long text is cut off. */
export function stripHtml(text: string): string {
  return withoutMarkup(text.slice(0, longestPage))
    .replace(/&(#?\w{1,10});/g, (whole, name: string) => entities[name.toLowerCase()] ?? whole)
    .replace(/\s+/g, ' ')
    .trim()
}

/** The content of a page after its `<body>` tag; undefined when there is none. */
export function bodyOfHtml(text: string): string | undefined {
  const page = text.slice(0, longestPage)
  const tag = /<body\b/i.exec(page)
  const end = tag ? page.indexOf('>', tag.index) : -1
  return end === -1 ? undefined : page.slice(end + 1)
}

/** A single pass: regular expressions that search for the end of tags, blocks or comments can take quadratic time. */
function withoutMarkup(text: string): string {
  const ends = findEnds(text)
  let words = ''
  let at = 0
  for (;;) {
    const open = text.indexOf('<', at)
    if (open === -1) return words + text.slice(at)
    words += text.slice(at, open)
    const end = ends(open)
    words += end === undefined ? '<' : ' '
    at = end ?? open + 1
  }
}

/** Returns the end of the markup that begins at a `<`; undefined when it is not markup, or never ends. */
function findEnds(text: string): (open: number) => number | undefined {
  const lower = text.toLowerCase()
  const missing = new Set<string>()
  const behind = (what: string, from: number): number | undefined => {
    const found = missing.has(what) ? -1 : lower.indexOf(what, from)
    // If it does not occur after this position, it does not occur after a later one.
    if (found === -1) missing.add(what)
    return found === -1 ? undefined : found + what.length
  }
  const block = /<(script|style|head)\b/y
  const tag = /<\/?[a-z!][^<>]*>/y
  return (open) => {
    if (lower.startsWith('<!--', open)) {
      const end = behind('-->', open)
      if (end !== undefined) return end
    }
    block.lastIndex = open
    const name = block.exec(lower)?.[1]
    const closing = name === undefined ? undefined : behind(`</${name}`, open)
    const end = closing === undefined ? undefined : behind('>', closing)
    if (end !== undefined) return end
    tag.lastIndex = open
    return tag.test(lower) ? tag.lastIndex : undefined
  }
}

/** Whether a body is a web page rather than data. */
export function looksLikeHtml(text: string, contentType: string | null): boolean {
  // The first pattern that ignores case takes V8 a third of a millisecond, and this is asked about every response.
  const start = text.slice(0, longestPage).trimStart().slice(0, 20).toLowerCase()
  return /\bhtml\b/.test(contentType?.toLowerCase() ?? '') || /^(<!doctype html|<html)\b/.test(start)
}
