import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { ImportFilter } from '../../../config/cloud-config.js'
import { isSpecialAddress } from './special-addresses.js'

/** A URL that may be downloaded, and the addresses of its host, which are the only ones to connect to. */
export interface AllowedUrl {
  readonly url: URL
  readonly addresses: readonly string[]
}

/**
 * Checks a URL against the filter, and resolves its host (glance/common/utils.py `get_validated_address`). As in a real
 * Glance, an IP address is only accepted in its usual spelling, and a list of allowed ones outweighs the one of
 * disallowed ones.
 * @returns undefined when it must not be downloaded, or its host does not resolve
 */
export async function filterUrl(uri: string, filter: ImportFilter): Promise<AllowedUrl | undefined> {
  const written = /^([a-z][a-z\d+.-]*):\/\/(?:[^/?#@\\]*@)?(\[[^\]]*\]|[^/?#@:\\]*)(?::\d*)?(?:[/?#]|$)/i.exec(uri)
  if (written === null || !URL.canParse(uri)) return undefined
  const [, scheme = '', writtenHost = ''] = written
  const url = new URL(uri)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined
  if (!passes(scheme.toLowerCase(), filter.allowedSchemes, filter.disallowedSchemes)) return undefined
  if (isIP(host) === 4 && writtenHost !== host) return undefined
  const names = isIP(host) === 6 ? [host, writtenHost.slice(1, -1)] : [host]
  if (host === '' || !names.some((name) => passes(name, filter.allowedHosts, filter.disallowedHosts))) return undefined
  if (url.port !== '' && !passes(Number(url.port), filter.allowedPorts, filter.disallowedPorts)) return undefined
  const isNamed = names.some((name) => filter.allowedHosts.includes(name))
  const addresses = (await resolve(host)).filter(
    (address) => isNamed || (!isSpecialAddress(address) && !blocks(filter, address)),
  )
  return addresses.length === 0 ? undefined : { url, addresses }
}

function passes<T>(value: T, allowed: readonly T[], disallowed: readonly T[]): boolean {
  return allowed.length > 0 ? allowed.includes(value) : !disallowed.includes(value)
}

/** A name may stand for an address that is disallowed. */
function blocks({ allowedHosts, disallowedHosts }: ImportFilter, address: string): boolean {
  return allowedHosts.length === 0 && disallowedHosts.includes(address)
}

async function resolve(host: string): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host]
  const found = await lookup(host, { all: true, verbatim: true }).catch(() => [])
  return found.map(({ address }) => address)
}
