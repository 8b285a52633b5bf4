import { Refusal } from '../../refusal.js'

/** A container's access list, parsed (swift/common/middleware/acl.py `parse_acl_v1`). */
export interface Acl {
  /** Without `.r:`; one that begins with `-` takes the right away again. */
  readonly referrers: readonly string[]
  /** `project:user`, roles and `.rlistings`. */
  readonly groups: readonly string[]
}

export function parseAcl(text: string | undefined): Acl {
  const elements = text ? text.split(',') : []
  const isReferrer = (element: string) => element.startsWith('.r:')
  return {
    referrers: elements.filter(isReferrer).map((element) => element.slice(3)),
    groups: elements.filter((element) => !isReferrer(element)).map(unquote),
  }
}

/**
 * The value under which an access list is stored: without spaces, referrers as `.r:` (`clean_acl`).
 * @param header its name; a `write` list has no referrers
 * @throws Refusal invalid
 */
export function cleanAcl(header: string, text: string): string {
  const elements = text.split(',').map((element) => element.trim())
  return elements
    .filter((element) => element !== '')
    .map((element) => cleanElement(header, element))
    .join(',')
}

const referrerWords: ReadonlySet<string> = new Set(['.r', '.ref', '.referer', '.referrer'])

function cleanElement(header: string, element: string): string {
  const colon = element.indexOf(':')
  const word = element.slice(0, Math.max(colon, 0)).trim()
  if (!word.startsWith('.')) return element
  if (!referrerWords.has(word)) {
    throw new Refusal('invalid', `Unknown designator ${quoted(word)} in ACL: ${quoted(element)}`)
  }
  if (header.includes('write')) {
    throw new Refusal('invalid', `Referrers not allowed in write ACL: ${quoted(element)}`)
  }
  const value = element.slice(colon + 1).trim()
  const isDenied = value.startsWith('-')
  const named = isDenied ? value.slice(1).trim() : value
  const host = named !== '*' && named.startsWith('*') ? named.slice(1).trim() : named
  if (host === '' || host === '.') {
    throw new Refusal('invalid', `No host/domain value after referrer designation in ACL: ${quoted(element)}`)
  }
  return `.r:${isDenied ? '-' : ''}${host}`
}

/** Whether the referrers of a list, applied in their order, admit a request with this Referer (`referrer_allowed`). */
export function admitsReferer({ referrers }: Acl, referer: string | undefined): boolean {
  const host = (referer !== undefined && URL.canParse(referer) && new URL(referer).hostname) || 'unknown'
  const matches = (wanted: string) => wanted === host || (wanted.startsWith('.') && host.endsWith(wanted))
  let isAdmitted = false
  for (const referrer of referrers) {
    if (referrer.startsWith('-')) {
      if (matches(referrer.slice(1))) isAdmitted = false
    } else if (referrer === '*' || matches(referrer)) isAdmitted = true
  }
  return isAdmitted
}

/** As Python shows a text in its messages. */
function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  return quote + text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`) + quote
}

function unquote(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
