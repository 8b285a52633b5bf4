import { BlockList, isIP } from 'node:net'
import { ConfigError } from '../errors/config-errors.js'

/** The route of a request and the reason for it, which connection errors mention. */
export interface Route {
  readonly proxy: URL | undefined
  readonly because: string
}

/** The environment variables that choose a proxy. */
export type ProxyEnvironment = Readonly<Record<string, string | undefined>>

/**
 * The proxy for a URL, chosen from the environment as curl and Python do: `https_proxy`, `http_proxy`, else
 * `all_proxy`, in lower or upper case (the lower-case name takes precedence, an empty one counts as absent), and
 * `no_proxy` with host names (including their subdomains), `host:port`, addresses, networks, or `*`. `HTTP_PROXY` is
 * ignored in a CGI script, where it contains the `Proxy` header that a client sent.
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
 * @param setting the name of the setting, for messages: its value may contain a password, and is never shown
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
  // Text after ? or #, or before an @ that follows a slash, is the rest of a password that contains such a character.
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

/** Removes the brackets of an IPv6 address, and the dot at the end of an absolute host name. */
const bare = (name: string): string => name.replace(/^\[/, '').replace(/\]$/, '').replace(/\.$/, '')

/** Addresses are compared by value: `::1` and `0:0:0:0:0:0:0:1` are equal. */
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
