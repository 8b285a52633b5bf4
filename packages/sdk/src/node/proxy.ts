import { BlockList, isIP } from 'node:net'
import { ConfigError } from '../errors/config-errors.js'

/** Which way a request goes, and why: connection errors say so. */
export interface Route {
  readonly proxy: URL | undefined
  readonly because: string
}

/** The variables that choose a proxy. */
export type ProxyEnvironment = Readonly<Record<string, string | undefined>>

/**
 * The proxy for a URL, as curl and Python read the environment: `https_proxy`, `http_proxy`, else `all_proxy`, in lower
 * or upper case (the lower-case name wins, an empty one counts as absent), and `no_proxy` with host names, their
 * subdomains, `host:port`, addresses, networks, or `*`. `HTTP_PROXY` is ignored in a CGI script, where it is what a
 * client sent as its `Proxy` header.
 * @throws ConfigError naming the variable, not its value, for a proxy that cannot be used
 */
export function chooseProxy(url: URL, env: ProxyEnvironment): Route {
  const isScript = env['REQUEST_METHOD'] !== undefined
  const own = url.protocol === 'https:' ? ['https_proxy', 'HTTPS_PROXY'] : ['http_proxy', 'HTTP_PROXY']
  const names = [...own, 'all_proxy', 'ALL_PROXY'].filter((name) => !(isScript && name === 'HTTP_PROXY'))
  const name = names.find((candidate) => env[candidate])
  if (name === undefined) return { proxy: undefined, because: 'directly: no proxy is set' }
  const rule = noProxyRule(url, env['no_proxy'] || env['NO_PROXY'] || '')
  if (rule !== undefined) return { proxy: undefined, because: `directly: NO_PROXY has ${rule}` }
  return { proxy: parseProxy(name, env[name] ?? ''), because: `by proxy: ${name} is set` }
}

/**
 * A proxy's URL; `host:port` alone is an http proxy.
 * @param setting where it came from, for messages: the value may hold a password, and is never shown
 * @throws ConfigError
 */
export function parseProxy(setting: string, value: string): URL {
  const text = value.trim()
  const [, scheme = 'http'] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text) ?? []
  const kind = scheme.toLowerCase()
  if (kind.startsWith('socks')) {
    throw new ConfigError(`${setting} names a SOCKS proxy, and only http and https proxies are supported`, {
      hint: 'name an http proxy, or put the host in NO_PROXY to go there directly',
    })
  }
  if (kind !== 'http' && kind !== 'https') {
    throw new ConfigError(`${setting} is not the URL of a proxy: its scheme is neither http nor https`, { hint })
  }
  const address = text.includes('://') ? text : `http://${text}`
  const url = URL.canParse(address) ? new URL(address) : undefined
  // What stands behind ? or #, or before an @ behind a slash, is the rest of a password with such a character in it.
  if (!url || url.search !== '' || url.hash !== '' || url.pathname.includes('@')) {
    throw new ConfigError(`${setting} is not the URL of a proxy (its value is not shown: it may hold a password)`, {
      hint,
    })
  }
  return url
}

const hint =
  'it looks like http://proxy.example.com:3128 or http://user:password@proxy.example.com:3128; write characters such as # ? / @ in a password as %23 %3F %2F %40'

function noProxyRule(url: URL, list: string): string | undefined {
  const host = bare(url.hostname.toLowerCase())
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  return list
    .split(/[\s,]+/)
    .filter((rule) => rule !== '')
    .find((rule) => matches(rule.toLowerCase(), host, port))
}

function matches(rule: string, host: string, port: string): boolean {
  if (rule === '*') return true
  const [, name = rule, rulePort] = isIP(rule) === 0 ? (/^(.*):(\d+)$/.exec(rule) ?? []) : []
  if (rulePort !== undefined && rulePort !== port) return false
  const [network = '', bits] = name.split('/')
  if (isIP(host) !== 0) return inNetwork(bare(network), bits, host)
  const domain = bare(name.replace(/^\*?\./, ''))
  return domain !== '' && (host === domain || host.endsWith(`.${domain}`))
}

/** Without the brackets of an IPv6 address, and the dot that ends an absolute host name. */
const bare = (name: string): string => name.replace(/^\[/, '').replace(/\]$/, '').replace(/\.$/, '')

/** Addresses are compared by value: `::1` and `0:0:0:0:0:0:0:1` are one. */
function inNetwork(network: string, bits: string | undefined, host: string): boolean {
  const family = isIP(network)
  if (family === 0 || family !== isIP(host)) return false
  const width = family === 4 ? 32 : 128
  const prefix = bits === undefined ? width : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN
  if (!(prefix <= width)) return false
  const list = new BlockList()
  list.addSubnet(network, prefix, family === 4 ? 'ipv4' : 'ipv6')
  return list.check(host, family === 4 ? 'ipv4' : 'ipv6')
}
