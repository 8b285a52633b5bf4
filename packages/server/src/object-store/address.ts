import { Refusal } from '../refusal.js'
import { swiftLimits } from './limits.js'

export interface ObjectAddress {
  readonly account: string
  readonly container: string
  readonly object: string
}

/** The object that `container/object`, with or without a leading slash, names in an account; both may be empty. */
export function addressIn(account: string, path: string): ObjectAddress {
  const [container = '', ...rest] = path.replace(/^\//, '').split('/')
  return { account, container, object: rest.join('/') }
}

/**
 * Names are as long as they have characters, as Python counts them.
 * @throws Refusal invalid for the name of an object to be written, or else of a container, that is too long
 */
export function checkName({ container, object }: { readonly container: string; readonly object?: string }): void {
  const [kind, name, most] =
    object === undefined
      ? (['Container', container, swiftLimits.max_container_name_length] as const)
      : (['Object', object, swiftLimits.max_object_name_length] as const)
  const length = Array.from(name).length
  if (length > most) throw new Refusal('invalid', `${kind} name length of ${length} longer than ${most}`)
}

/** As Swift writes names into headers and messages: percent-encoded, slashes as they are (Python's `quote`). */
export function quotePath(text: string): string {
  const code = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\ufffd'))
    .replaceAll('%2F', '/')
    .replaceAll(/[!'()*]/g, code)
}
