import { isIPv6 } from 'node:net'
import type { IncomingMessage, RequestListener } from 'node:http'
import { isLoopbackAddress, type Address } from '../config/address.js'
import { refuseEarly } from './refuse-early.js'

/**
 * Runs before the services: lets only requests pass that are meant for this cloud, and maps paths below the public URL
 * to the cloud's own paths.
 *
 * On loopback the danger is a browser on the same machine: a page whose host name resolves to 127.0.0.1 reaches the
 * cloud as its own origin (DNS rebinding). So the Host header must name this machine, the host that the cloud listens
 * on, or the host of the public URL. On other addresses the cloud cannot know its names.
 */
export function frontDoor(
  listener: RequestListener,
  address: Address,
  servicePrefixes: readonly string[],
): RequestListener {
  const publicUrl = address.publicUrl === undefined ? undefined : new URL(address.publicUrl)
  const known = new Set([nameOf(address.host), ...(publicUrl === undefined ? [] : [nameOf(publicUrl.hostname)])])
  const publicPath = publicUrl === undefined || publicUrl.pathname === '/' ? '' : publicUrl.pathname

  return (incoming, outgoing) => {
    const host = hostOf(incoming)
    if (host === undefined) return refuseEarly(outgoing, 400, 'the Host header is missing or not a host')
    if (address.isLoopback && !known.has(host) && !isThisMachine(host)) {
      return refuseEarly(
        outgoing,
        421,
        `this cloud does not respond to the host "${host}", only to localhost and its public URL`,
      )
    }
    incoming.url = belowPublicPath(incoming.url ?? '/', publicPath, servicePrefixes)
    listener(incoming, outgoing)
  }
}

/** The host that a request is for, lower case, without a port; undefined when there is none (RFC 9112 section 3.2). */
function hostOf(incoming: IncomingMessage): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._~-]+))(?::\d{0,5})?$/i.exec(incoming.headers.host ?? '')
  const [, ipv6, name] = match ?? []
  if (ipv6 !== undefined) return isIPv6(ipv6) ? nameOf(ipv6) : undefined
  return name === undefined ? undefined : nameOf(name)
}

/** A host name normalized for comparison: lower case, no brackets, no trailing dot. */
function nameOf(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
}

function isThisMachine(host: string): boolean {
  if (host === 'localhost' || host.endsWith('.localhost')) return true
  return isAddress(host) && isLoopbackAddress(host)
}

function isAddress(host: string): boolean {
  return isIPv6(host) || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host)
}

/**
 * The target without the public URL's path, which some proxies keep and others strip. A target that is already a
 * service's path is left alone.
 */
function belowPublicPath(target: string, publicPath: string, servicePrefixes: readonly string[]): string {
  if (publicPath === '' || !target.startsWith(publicPath)) return target
  const rest = target.slice(publicPath.length)
  if (rest === '' || rest === '/') return '/'
  return servicePrefixes.some((prefix) => rest.startsWith(prefix) && /^(?:[/?]|$)/.test(rest.slice(prefix.length)))
    ? rest
    : target
}
