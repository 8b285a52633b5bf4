import { lookup } from 'node:dns/promises'
import { BlockList, isIPv6 } from 'node:net'
import type { UserConfig } from './cloud-config.js'
import { defaultPassword } from './defaults.js'

/** The options that decide where the cloud listens and under which URL it is known. */
export interface AddressOptions {
  readonly host: string
  readonly publicUrl: string | undefined
  readonly allowDefaultPasswords: boolean
  readonly users: readonly UserConfig[]
}

export interface Address {
  /** The host to listen on. */
  readonly host: string
  /** The host in the URL for clients on this machine. */
  readonly urlHost: string
  /** Whether only this machine can reach it. */
  readonly isLoopback: boolean
  /** Without a trailing slash. */
  readonly publicUrl: string | undefined
}

/** The cloud cannot listen on the host, may not be exposed there, or the public URL or a CORS origin is malformed. */
export class AddressError extends Error {
  override readonly name = 'AddressError'
  /** Which of the options is wrong. */
  readonly option: 'host' | 'publicUrl' | 'allowDefaultPasswords' | 'cors'

  constructor(option: AddressError['option'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.option = option
  }
}

/**
 * Checks where the cloud is to listen. A host name is resolved, and all of its addresses are checked.
 * @throws AddressError for an empty or unknown host, for default passwords on an address that other machines can reach,
 * for a malformed public URL
 */
export async function readAddress(options: AddressOptions): Promise<Address> {
  const publicUrl = options.publicUrl === undefined ? undefined : readPublicUrl(options.publicUrl)
  if (options.host.trim() === '') {
    throw new AddressError('host', 'the host to listen on is empty: give an address, such as 127.0.0.1')
  }
  const host = options.host.replace(/^\[(.*)\]$/, '$1')
  const found = await lookup(host, { all: true }).catch((error: unknown) => {
    throw new AddressError('host', `the host to listen on, "${host}", has no address`, { cause: error })
  })
  const addresses = found.map(({ address }) => address)
  const isLoopback = addresses.every(isLoopbackAddress)
  if (!isLoopback && !options.allowDefaultPasswords) refuseDefaultPasswords(host, options.users)
  const isEveryAddress = addresses.some((address) => contains(unspecified, address))
  return { host, urlHost: isEveryAddress ? '127.0.0.1' : isIPv6(host) ? `[${host}]` : host, isLoopback, publicUrl }
}

/** Whether an address, without brackets, is a loopback address. */
export function isLoopbackAddress(address: string): boolean {
  return contains(loopback, address)
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')
const unspecified = new BlockList()
unspecified.addAddress('0.0.0.0')
unspecified.addAddress('::', 'ipv6')

/** An IPv4 address written as IPv6 counts as IPv4. */
function contains(list: BlockList, address: string): boolean {
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}

function refuseDefaultPasswords(host: string, users: readonly UserConfig[]): void {
  const names = new Set(users.filter(({ password }) => password === defaultPassword).map(({ name }) => name))
  if (names.size === 0) return
  throw new AddressError(
    'allowDefaultPasswords',
    `${host} can be reached from other machines, and anyone can log in with the default password as ` +
      `${[...names].join(', ')}: configure users with other passwords, or listen on 127.0.0.1`,
  )
}

/** Scheme, host, port and path, without a trailing slash. @throws AddressError */
function readPublicUrl(text: string): string {
  const url = /^https?:\/\/[^\s?#]+$/i.test(text) && URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || url.username !== '' || url.password !== '') {
    throw new AddressError(
      'publicUrl',
      'the public URL cannot be used: it needs http:// or https:// and a host, and may have a port and a path, but ' +
        'no credentials, query or spaces',
    )
  }
  return url.origin + withoutSlashes(url.pathname)
}

function withoutSlashes(path: string): string {
  let end = path.length
  while (path[end - 1] === '/') end -= 1
  return path.slice(0, end)
}
