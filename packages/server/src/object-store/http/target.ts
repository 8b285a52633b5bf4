import { isUtf8 } from 'node:buffer'
import { SwiftFault } from '../errors.js'
import { swiftLimits } from '../metadata.js'

/** What a request names: an account, a container in it, an object in that. */
export interface SwiftPath {
  readonly account: string
  readonly container: string | undefined
  readonly object: string | undefined
}

export interface ObjectAddress {
  readonly account: string
  readonly container: string
  readonly object: string
}

/**
 * `/v1/AUTH_<project>/container/object`. The whole path is decoded before it is split, an object's name goes to the
 * end, slashes and dots included (swift/proxy/server.py `handle_request`, `get_controller`).
 * @param target as sent, with the query
 * @throws SwiftFault 412 for bytes that are not UTF-8, NUL, or a path without an account; 404, 400
 */
export function readPath(target: string): SwiftPath {
  const [, version, account, container, ...rest] = decode(target.split('?', 1)[0] ?? '').split('/')
  const object = rest.join('/')
  if (!version) throw new SwiftFault(404)
  if (!account) throw account === undefined || !container ? new SwiftFault(412, 'Bad URL') : new SwiftFault(404)
  if (version !== 'v1' && version !== 'v1.0') throw new SwiftFault(400)
  if (!container && object) throw new SwiftFault(404)
  return { account, container: container || undefined, object: object || undefined }
}

/**
 * One parameter of the query; the last where there are several.
 * @throws SwiftFault 400 when it is not UTF-8 (swift/common/request_helpers.py `get_param`)
 */
export function readParameter(target: string, name: string): string | undefined {
  const query = target.includes('?') ? target.slice(target.indexOf('?') + 1) : ''
  const values = query.split('&').flatMap((pair) => {
    const at = pair.indexOf('=')
    const key = at < 0 ? pair : pair.slice(0, at)
    return unescape(key).toString('latin1') === name ? [at < 0 ? '' : pair.slice(at + 1)] : []
  })
  const value = values.at(-1)
  if (value === undefined) return undefined
  const bytes = unescape(value.replaceAll('+', ' '))
  if (!isUtf8(bytes)) throw new SwiftFault(400, `"${name}" parameter not valid UTF-8`)
  return bytes.toString('utf8')
}

/** The bytes of an escaped text. What is no escape stays as it is, as with Python's `unquote`. */
function unescape(text: string): Buffer {
  const byte = (_: string, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))
  return Buffer.from(text.replaceAll(/%([0-9a-f]{2})/gi, byte), 'latin1')
}

/**
 * `container/object` of X-Copy-From or Destination, percent-encoded, with or without a leading slash
 * (swift/common/request_helpers.py `check_path_header`).
 * @throws SwiftFault 412
 */
export function parseAddress(account: string, header: 'X-Copy-From' | 'Destination', value: string): ObjectAddress {
  const [container = '', ...rest] = decode(value).replace(/^\//, '').split('/')
  const object = rest.join('/')
  if (container === '' || object === '') {
    throw new SwiftFault(412, `${header} header must be of the form <container name>/<object name>`)
  }
  return { account, container, object }
}

/** The account that X-Copy-From-Account or Destination-Account names, percent-encoded. @throws SwiftFault 412 */
export function parseAccount(value: string): string {
  const account = decode(value)
  if (account === '') throw new SwiftFault(412, 'Account name cannot be empty')
  if (account.includes('/')) throw new SwiftFault(412, 'Account name cannot contain slashes')
  return account
}

function decode(text: string): string {
  const bytes = unescape(text)
  if (!isUtf8(bytes) || bytes.includes(0)) throw new SwiftFault(412, 'Invalid UTF8 or contains NULL')
  return bytes.toString('utf8')
}

/** As Swift writes names into headers and reports: percent-encoded, slashes as they are (Python's `quote`). */
export function quotePath(text: string): string {
  const code = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\ufffd'))
    .replaceAll('%2F', '/')
    .replaceAll(/[!'()*]/g, code)
}

/**
 * Names are as long as they have characters, as Python counts them.
 * @throws SwiftFault 400 for the name of an object to be written, or else of a container, that is too long
 */
export function checkName({ container, object }: { readonly container: string; readonly object?: string }): void {
  const [kind, name, most] =
    object === undefined
      ? (['Container', container, swiftLimits.max_container_name_length] as const)
      : (['Object', object, swiftLimits.max_object_name_length] as const)
  const length = Array.from(name).length
  if (length > most) throw new SwiftFault(400, `${kind} name length of ${length} longer than ${most}`)
}
