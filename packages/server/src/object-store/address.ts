import { Refusal } from '../refusal.js'
import { isBytes } from './bytes-as-text.js'
import { swiftLimits } from './limits.js'

export interface ObjectAddress {
  readonly account: string
  readonly container: string
  readonly object: string
}

/** Parses `container/object`, with or without a leading slash, into an address in the account; both may be empty. */
export function addressIn(account: string, path: string): ObjectAddress {
  const [container = '', ...rest] = path.replace(/^\//, '').split('/')
  return { account, container, object: rest.join('/') }
}

/**
 * Checks the object's name, or the container's if there is no object. Length is in characters, as Python counts them.
 * @throws Refusal invalid when the name is too long
 */
export function checkName({ container, object }: { readonly container: string; readonly object?: string }): void {
  const [kind, name, most] =
    object === undefined
      ? (['Container', container, swiftLimits.max_container_name_length] as const)
      : (['Object', object, swiftLimits.max_object_name_length] as const)
  const length = Array.from(name).length
  if (length > most) throw new Refusal('invalid', `${kind} name length of ${length} longer than ${most}`)
}

/** Encodes a name as Swift does in headers and messages: percent-encoded except for slashes (Python's `quote`). */
export function quotePath(text: string): string {
  const percent = (byte: number) => `%${byte.toString(16).toUpperCase()}`
  const quote = (each: string) =>
    encodeURIComponent(each)
      .replaceAll('%2F', '/')
      .replaceAll(/[!'()*]/g, (character) => percent(character.charCodeAt(0)))
  return text
    .split(/(\p{Surrogate})/u)
    .map((each) => {
      if (!isBytes(each)) return quote(each)
      const byte = each.charCodeAt(0) - 0xdc00
      return byte >= 0x80 && byte <= 0xff ? percent(byte) : quote('\ufffd')
    })
    .join('')
}
