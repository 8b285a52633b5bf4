import { BlockList, isIPv4, isIPv6 } from 'node:net'
import { Refusal } from '../../refusal.js'
import type { Access } from '../access/access.js'
import type { ObjectAddress } from '../address.js'
import { tempUrlMethods } from '../limits.js'
import type { Metadata } from '../metadata.js'
import { isSignatureOf, parseSignature, type Signature } from './signature.js'

/** A request for an object with a signature instead of a token. */
export interface SignedRequest {
  readonly method: string
  readonly at: ObjectAddress
  readonly signature: string
  /** Seconds since 1970. */
  readonly expires: number
  /** The signature is for all objects whose names begin so; undefined when it is for this one. */
  readonly prefix: string | undefined
  /** The addresses that the signature is for; undefined for all. */
  readonly ipRange: string | undefined
  readonly clientAddress: string | undefined
}

/** Temporary URLs (swift/common/middleware/tempurl.py). */
export interface TempUrlService {
  /**
   * The rights that a signature gives: those to the account whose key it was made with, or to the container.
   * @throws Refusal unauthenticated
   */
  admit(request: SignedRequest): Access
}

interface TempUrlServiceParts {
  /** Undefined for an account or a container that does not exist. */
  readonly metadataOf: (account: string, container?: string) => Metadata | undefined
  /** The beginnings of paths that clients may have signed: none, and that of this service's URL. */
  readonly basePaths: () => readonly string[]
  readonly nowMs: () => number
}

/** The methods whose signature also admits HEAD. */
const methodsWithHead = ['HEAD', 'GET', 'POST', 'PUT']

export function createTempUrlService({ metadataOf, basePaths, nowMs }: TempUrlServiceParts): TempUrlService {
  const isSigned = (request: SignedRequest, signature: Signature, key: string): boolean => {
    const { method, at, expires, prefix, ipRange } = request
    const path = `/v1/${at.account}/${at.container}/${prefix ?? at.object}`
    const scope = prefix === undefined ? '' : 'prefix:'
    const ip = ipRange === undefined ? '' : `ip=${ipRange}\n`
    return (method === 'HEAD' ? methodsWithHead : [method]).some((each) =>
      basePaths().some((base) => isSignatureOf(signature, `${ip}${each}\n${expires}\n${scope}${base}${path}`, key)),
    )
  }

  return {
    admit(request) {
      const { method, at, prefix, ipRange, clientAddress } = request
      const signature = parseSignature(request.signature)
      if (
        signature === undefined ||
        request.expires < nowMs() / 1000 ||
        !tempUrlMethods.some((each) => each === method) ||
        !/[^/]/.test(at.object) ||
        (prefix !== undefined && !at.object.startsWith(prefix)) ||
        (ipRange !== undefined && !isWithin(ipRange, clientAddress))
      ) {
        throw invalid()
      }
      const hasKey = (kind: 'account' | 'container', metadata: Metadata | undefined) =>
        [`x-${kind}-meta-temp-url-key`, `x-${kind}-meta-temp-url-key-2`]
          .flatMap((name) => metadata?.[name] ?? [])
          .some((key) => isSigned(request, signature, key))
      if (hasKey('account', metadataOf(at.account))) return accessTo(at.account, undefined)
      if (hasKey('container', metadataOf(at.account, at.container))) return accessTo(at.account, at.container)
      throw invalid()
    },
  }
}

const invalid = () => new Refusal('unauthenticated', '401 Unauthorized: Temp URL invalid\n')

/** The rights to everything in an account, or in one container of it; not those of an owner. */
function accessTo(account: string, container: string | undefined): Access {
  const has: Access['has'] = (_, place) =>
    place.account === account && (container === undefined || place.container === container)
  return {
    isOwner: () => false,
    isReseller: false,
    has,
    require(right, place) {
      if (!has(right, place)) throw new Refusal('unauthenticated')
    },
  }
}

/** Whether an address is the given one, or in the given network, like `10.0.0.0/8`. */
function isWithin(range: string, address: string | undefined): boolean {
  const client = address?.replace(/^::ffff:(?=\d+\.)/i, '')
  const [network = '', bits] = range.split('/')
  const family = isIPv4(network) ? 'ipv4' : 'ipv6'
  const most = family === 'ipv4' ? 32 : 128
  const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Infinity
  if (client === undefined || !(isIPv4(network) || isIPv6(network)) || prefix > most) return false
  if ((family === 'ipv4') !== isIPv4(client)) return false
  const list = new BlockList()
  list.addSubnet(network, prefix, family)
  return list.check(client, family)
}
