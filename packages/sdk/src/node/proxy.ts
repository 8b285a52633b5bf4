import { BlockList, isIP } from 'node:net'

/** Which way a request goes, and why: connection errors say so. */
export interface Route {
  readonly proxy: URL | undefined
  readonly because: string
}

/** The variables that choose a proxy. */
export type ProxyEnvironment = Readonly<Record<string, string | undefined>>

/**
 * The proxy for a URL, as curl reads the environment: `https_proxy`, `http_proxy` (the lower-case name wins), and
 * `no_proxy` with host names, their subdomains, `host:port`, addresses, IPv4 networks, or `*`.
 */
export function chooseProxy(url: URL, env: ProxyEnvironment): Route {
  const names = url.protocol === 'https:' ? ['https_proxy', 'HTTPS_PROXY'] : ['http_proxy', 'HTTP_PROXY']
  const name = [...names, 'all_proxy', 'ALL_PROXY'].find((candidate) => env[candidate])
  if (name === undefined) return { proxy: undefined, because: 'directly: no proxy is set' }
  const rule = noProxyRule(url, env['no_proxy'] ?? env['NO_PROXY'] ?? '')
  if (rule !== undefined) return { proxy: undefined, because: `directly: NO_PROXY has ${rule}` }
  return { proxy: parseProxy(env[name] ?? ''), because: `by proxy: ${name} is set` }
}

function parseProxy(text: string): URL | undefined {
  const url = text.includes('://') ? text : `http://${text}`
  return URL.canParse(url) ? new URL(url) : undefined
}

function noProxyRule(url: URL, list: string): string | undefined {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase()
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  return list
    .split(/[\s,]+/)
    .filter((rule) => rule !== '')
    .find((rule) => matches(rule.toLowerCase(), host, port))
}

function matches(rule: string, host: string, port: string): boolean {
  if (rule === '*') return true
  if (isIP(host) !== 0 && rule.includes('/')) return inNetwork(rule, host)
  const bare = rule.replace(/^\[|\]$/g, '')
  if (isIP(bare) !== 0) return bare === host
  const [, name = rule, rulePort] = /^(.*?)(?::(\d+))?$/.exec(rule) ?? []
  if (rulePort !== undefined && rulePort !== port) return false
  const domain = name.replace(/^\*?\./, '').replace(/^\[|\]$/g, '')
  return host === domain || host.endsWith(`.${domain}`)
}

function inNetwork(rule: string, host: string): boolean {
  const [network = '', bits = ''] = rule.split('/')
  const family = isIP(network)
  if (family === 0 || family !== isIP(host) || !/^\d+$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128))
    return false
  const list = new BlockList()
  list.addSubnet(network, Number(bits), family === 4 ? 'ipv4' : 'ipv6')
  return list.check(host, family === 4 ? 'ipv4' : 'ipv6')
}
