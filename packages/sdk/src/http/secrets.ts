import type { Logger } from './logger.js'

/** What a connection to a cloud must not show: a server may send back what it was sent. */
export interface Secrets {
  add(secret: string | undefined): void
  /** The text without the secrets, in any of the spellings in which servers repeat them. */
  hide(text: string): string
}

export function createSecrets(): Secrets {
  const patterns = new Map<string, RegExp>()
  return {
    add(secret) {
      if (secret && !patterns.has(secret)) patterns.set(secret, patternOf(secret))
    },
    hide: (text) => [...patterns.values()].reduce((shown, pattern) => shown.replace(pattern, 'REDACTED'), text),
  }
}

/** A log that shows none of them. */
export function hidingLogger(logger: Logger | undefined, secrets: Secrets): Logger | undefined {
  if (!logger) return undefined
  const say =
    (level: keyof Logger): Logger['info'] =>
    (message, details) => {
      const shown = secrets.hide(message)
      if (details === undefined) logger[level](shown)
      else logger[level](shown, hiddenIn(details, secrets) as typeof details)
    }
  return { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') }
}

function hiddenIn(value: unknown, secrets: Secrets): unknown {
  if (typeof value === 'string') return secrets.hide(value)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, hiddenIn(item, secrets)]))
}

/** A shorter one is also a word: it is hidden where it stands alone. */
const shortestAnywhere = 8

// Cheaper to compile than the classes of Unicode, which every command would pay for.
const wordCharacter = String.raw`[\w\u{80}-\u{10FFFF}]`

function patternOf(secret: string): RegExp {
  const any = [Array.from(secret, spellings).join(''), ...base64(secret).map(escaped)].join('|')
  return secret.length < shortestAnywhere
    ? new RegExp(String.raw`(?<!${wordCharacter})(?:${any})(?!${wordCharacter})`, 'gu')
    : new RegExp(any, 'gu')
}

/** A character as it is, or as JSON, HTML or a URL may have it: which ones they escape differs from server to server. */
function spellings(character: string): string {
  if (/[\w-]/.test(character)) return character
  const json = JSON.stringify(character).slice(1, -1)
  const units = [...Array(character.length).keys()].map((index) => hex(character.charCodeAt(index), 4))
  const unicode = units.map((unit) => String.raw`\\u${anyCase(unit)}`).join('')
  const bytes = [...new TextEncoder().encode(character)].map((byte) => `%${anyCase(hex(byte, 2))}`).join('')
  const entities = `&#(?:${character.codePointAt(0)}|[xX]0*${anyCase(hex(character.codePointAt(0) ?? 0, 1))});`
  const others = { ' ': [String.raw`\+`], '/': [String.raw`\\/`] }[character] ?? []
  return `(?:${[escaped(json), escaped(character), unicode, bytes, entities, ...others].join('|')})`
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')
const anyCase = (digits: string): string => digits.replaceAll(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)

/** Of the secret itself, and as it is seen within the base64 of `user:secret`, where it begins at any of three places. */
function base64(secret: string): string[] {
  const bytes = new TextEncoder().encode(secret)
  if (bytes.length < 6) return []
  return [0, 1, 2].flatMap((before) => {
    const padded = new Uint8Array(before + bytes.length)
    padded.set(bytes, before)
    const encoded = btoa(String.fromCharCode(...padded)).replace(/=+$/, '')
    // The characters at both ends are made of neighbours too.
    const whole = encoded.slice(Math.ceil((before * 8) / 6), Math.floor((padded.length * 8) / 6))
    return [...new Set([whole, whole.replaceAll('+', '-').replaceAll('/', '_')])]
  })
}
