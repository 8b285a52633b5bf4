import { ignored, type Logger } from './logger.js'

/** The secrets of a connection, which must not appear in messages: a server may send back what it received. */
export interface Secrets {
  add(secret: string | undefined): void
  /** The text without the secrets, in all spellings that servers use when they repeat them. */
  hide(text: string): string
}

export function createSecrets(): Secrets {
  /** Compiled on first use: the pattern of a token takes longer than reading a list of images. */
  const patterns = new Map<string, RegExp | undefined>()
  return {
    add(secret) {
      if (secret && !patterns.has(secret)) patterns.set(secret, undefined)
    },
    hide(text) {
      let shown = text
      for (const [secret, known] of patterns) {
        // No spelling of a secret is shorter than the secret.
        if (shown.length < secret.length) continue
        const pattern = known ?? patternOf(secret)
        patterns.set(secret, pattern)
        shown = shown.replace(pattern, 'REDACTED')
      }
      return shown
    },
  }
}

/** A logger that hides the secrets. */
export function hidingLogger(logger: Logger | undefined, secrets: Secrets): Logger | undefined {
  if (!logger) return undefined
  const say = (level: keyof Logger): Logger['info'] => {
    if (logger[level] === ignored) return ignored
    return (message, details) => {
      const shown = secrets.hide(message)
      if (details === undefined) logger[level](shown)
      else logger[level](shown, hiddenIn(details, secrets) as typeof details)
    }
  }
  return { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') }
}

function hiddenIn(value: unknown, secrets: Secrets): unknown {
  if (typeof value === 'string') return secrets.hide(value)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, hiddenIn(item, secrets)]))
}

/** A shorter secret may also be an ordinary word, or part of one: it is hidden only as a whole word. */
const shortestAnywhere = 8

// Cheaper to compile than Unicode classes, which would slow down every command.
const wordCharacter = String.raw`[\w\u{80}-\u{10FFFF}]`

function patternOf(secret: string): RegExp {
  const any = [Array.from(secret, spellings).join(''), ...base64(secret).map(escaped)].join('|')
  return secret.length < shortestAnywhere
    ? new RegExp(String.raw`(?<!${wordCharacter})(?:${any})(?!${wordCharacter})`, 'gu')
    : new RegExp(any, 'gu')
}

/** A pattern for a character as it is, or escaped for JSON, HTML or a URL: servers differ in what they escape. */
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

/** Base64 of the secret, and of the secret within `user:secret`, where it can start at any of three offsets. */
function base64(secret: string): string[] {
  const bytes = new TextEncoder().encode(secret)
  if (bytes.length < 6) return []
  return [0, 1, 2].flatMap((before) => {
    const padded = new Uint8Array(before + bytes.length)
    padded.set(bytes, before)
    const encoded = btoa(String.fromCharCode(...padded)).replace(/=+$/, '')
    // The first and last characters also encode bits of the neighbouring bytes, so they are cut off.
    const whole = encoded.slice(Math.ceil((before * 8) / 6), Math.floor((padded.length * 8) / 6))
    return [...new Set([whole, whole.replaceAll('+', '-').replaceAll('/', '_')])]
  })
}
