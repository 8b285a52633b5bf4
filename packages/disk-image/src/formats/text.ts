import { hasMagic, slice } from '../bytes.js'
import type { Format } from '../format.js'

const fetchAgain = 'open the address it came from, and fetch the image itself'
const notTheImage = 'it is a file about the image: give the image'

// The first match counts; tested on at most 4 KiB, without surrounding blanks.
const kinds: readonly (readonly [pattern: RegExp, what: string, hint: string])[] = [
  [/^version https:\/\/git-lfs\.github\.com\//, 'a Git LFS pointer', 'fetch what it stands for with git lfs pull'],
  [/^(?:\.\.\/)*(?:\.git)?\/annex\/objects\//, 'a git-annex pointer', 'fetch what it stands for with git annex get'],
  [
    /^(?:<\?xml[^>]{0,200}>\s*)?(?:<!--(?:(?!-->)[^])*-->\s*)*<(?:!doctype\s+html|html|head|body|title|script)[\s>]/i,
    'an HTML page',
    fetchAgain,
  ],
  [/^<\?xml|^<[a-z][\w:.-]{0,80}(?:\s[^<>]{0,500})?\/?>/i, 'XML', fetchAgain],
  [/^(?:\{\s*(?:"|\}|$)|\[\s*(?:["{[\d\]-]|$))/, 'JSON', fetchAgain],
  [/^#!/, 'a script', 'run it, or give the image that it makes'],
  [/^-----BEGIN [A-Z0-9 ]{1,60}-----/, 'a key, a certificate or a signature', notTheImage],
  [
    /^(?:#[^\n]*\n\s*)*(?:\\?[0-9a-f]{32,128} [ *]\S|[A-Z0-9-]{2,20} ?\([^)\n]{1,500}\) ?= ?[0-9a-f]{32})/i,
    'a list of checksums',
    notTheImage,
  ],
  [/^HTTP\/\d/, 'the head of an HTTP response', fetchAgain],
  [/^#cloud-config/, 'cloud-init configuration', notTheImage],
  [/^zsync: /, 'a zsync file', notTheImage],
]

const plain = 'text'
const hints = new Map([
  ...kinds.map(([, what, hint]): [string, string] => [what, hint]),
  [plain, 'it is no disk image: look what is in it, and give the image'],
])

/** What to do about such a text. */
export const textHint = (kind: string): string => hints.get(kind) ?? notTheImage

/** The kind of text, to follow `the data is`; undefined for bytes that are not text. */
function textKind(head: Uint8Array): string | undefined {
  const text = decoded(head)?.trim()
  if (text === undefined || text === '') return undefined
  const start = text.slice(0, 4096)
  const kind = kinds.find(([pattern]) => pattern.test(start))
  if (kind) return kind[1]
  return isVaried(head) ? plain : undefined
}

/** A word or a pattern that a test repeated to fill a file is not text. */
const isVaried = (head: Uint8Array): boolean => head.length >= 8 && new Set(slice(head, 0, 4096)).size >= 8

const orders = [
  ['\xff\xfe', 'utf-16le'],
  ['\xfe\xff', 'utf-16be'],
] as const

function decoded(head: Uint8Array): string | undefined {
  const order = orders.find(([mark]) => hasMagic(head, mark))
  if (order) {
    // Half of a surrogate pair at the end of the inspected bytes is not an error.
    const text = decode(head.subarray(2), order[1])
    return text === undefined || /\p{Cc}/u.test(text.replaceAll(/\s/g, '')) ? undefined : text
  }
  let high = 0
  for (const byte of head) {
    if (byte < 0x20 && !(byte >= 8 && byte <= 13) && byte !== 0x1b) return undefined
    if (byte === 0x7f) return undefined
    if (byte >= 0x80) high += 1
  }
  const text = decode(head, 'utf-8')
  // Old web pages are Latin-1: mostly ASCII, and long enough to rule out chance.
  return text ?? (head.length >= 64 && high * 4 <= head.length ? new TextDecoder('latin1').decode(head) : undefined)
}

function decode(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, {
      stream: true,
    })
  } catch {
    return undefined
  }
}

/** Text from the first to the last inspected byte: never a disk. */
export const text: Format = {
  name: 'text',
  recognises: (head) => textKind(head) !== undefined,
  walk: (head) => ({ details: { kind: textKind(head) } }),
}
