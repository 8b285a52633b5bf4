import { isUtf8 } from 'node:buffer'
import { Refusal } from '../../refusal.js'
import { addressIn, type ObjectAddress } from '../address.js'

/** The resource that a request names: an account, a container or an object. */
export interface SwiftPath {
  readonly account: string
  readonly container: string | undefined
  readonly object: string | undefined
}

/**
 * Parses `/v1/AUTH_<project>/container/object`. The whole path is decoded before it is split; the object's name is all
 * of the rest, slashes and dots included (swift/proxy/server.py `handle_request`, `get_controller`).
 * @param target path and query as sent
 * @throws Refusal failed-condition for bytes that are not UTF-8, NUL, or a path without an account; not-found, invalid
 */
export function readPath(target: string): SwiftPath {
  const [, version, account, container, ...rest] = decode(target.split('?', 1)[0] ?? '').split('/')
  const object = rest.join('/')
  if (!version) throw new Refusal('not-found')
  if (!account) {
    throw account === undefined || !container ? new Refusal('failed-condition', 'Bad URL') : new Refusal('not-found')
  }
  if (version !== 'v1' && version !== 'v1.0') throw new Refusal('invalid')
  if (!container && object) throw new Refusal('not-found')
  return { account, container: container || undefined, object: object || undefined }
}

/**
 * One parameter of the query; the last one if it is repeated.
 * @throws Refusal invalid when it is not UTF-8 (swift/common/request_helpers.py `get_param`)
 */
export function readParameter(target: string, name: string): string | undefined {
  const bytes = parameterValues(target, name).at(-1)
  if (bytes !== undefined && !isUtf8(bytes)) throw new Refusal('invalid', `"${name}" parameter not valid UTF-8`)
  return bytes?.toString('utf8')
}

/** One parameter of the query; the first one if it is repeated. Bytes that are not UTF-8 become U+FFFD. */
export function readFirstParameter(target: string, name: string): string | undefined {
  return parameterValues(target, name)[0]?.toString('utf8')
}

function parameterValues(target: string, name: string): readonly Buffer[] {
  const query = target.includes('?') ? target.slice(target.indexOf('?') + 1) : ''
  return query.split('&').flatMap((pair) => {
    const at = pair.indexOf('=')
    const key = at < 0 ? pair : pair.slice(0, at)
    const value = at < 0 ? '' : pair.slice(at + 1)
    return unescape(key).toString('latin1') === name ? [unescape(value.replaceAll('+', ' '))] : []
  })
}

/** Whether the value of a header or parameter means true (swift/common/utils `config_true_value`). */
export function isTrue(value: string | undefined): boolean {
  return ['true', '1', 'yes', 'on', 't', 'y'].includes(value?.toLowerCase() ?? '')
}

/**
 * `container/object` of X-Copy-From or Destination, percent-encoded, with or without a leading slash
 * (swift/common/request_helpers.py `check_path_header`).
 * @throws Refusal failed-condition
 */
export function parseAddress(account: string, header: 'X-Copy-From' | 'Destination', value: string): ObjectAddress {
  const address = addressIn(account, decode(value))
  if (address.container === '' || address.object === '') {
    throw new Refusal('failed-condition', `${header} header must be of the form <container name>/<object name>`)
  }
  return address
}

/** The account that X-Copy-From-Account or Destination-Account names, percent-encoded. @throws Refusal failed-condition */
export function parseAccount(value: string): string {
  const account = decode(value)
  if (account === '') throw new Refusal('failed-condition', 'Account name cannot be empty')
  if (account.includes('/')) throw new Refusal('failed-condition', 'Account name cannot contain slashes')
  return account
}

function decode(text: string): string {
  const bytes = unescape(text)
  if (!isUtf8(bytes) || bytes.includes(0)) throw new Refusal('failed-condition', 'Invalid UTF8 or contains NULL')
  return bytes.toString('utf8')
}

/** The bytes of a percent-encoded text. Invalid escapes stay unchanged, as with Python's `unquote`. */
export function unescape(text: string): Buffer {
  const byte = (_: string, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))
  return Buffer.from(text.replaceAll(/%([0-9a-f]{2})/gi, byte), 'latin1')
}
