import { BlockList, isIP } from 'node:net'

/**
 * Addresses that lead to this machine or to its own network segment, or that are no single host: loopback, link-local
 * with the metadata services of clouds, unspecified, multicast, broadcast and reserved ones (RFC 6890). Private ranges
 * (RFC 1918, RFC 4193) are not among them, so that a private cloud can download from its own servers, as in a real
 * Glance (glance/common/utils.py `resolve_pinned_address`).
 */
const special = new BlockList()
special.addSubnet('0.0.0.0', 8)
special.addSubnet('127.0.0.0', 8)
special.addSubnet('169.254.0.0', 16)
special.addSubnet('224.0.0.0', 3)
special.addSubnet('::', 127, 'ipv6')
special.addSubnet('fe80::', 10, 'ipv6')
special.addSubnet('ff00::', 8, 'ipv6')

/** Whether an address is one that downloads are refused from, in IPv4 or IPv6, which may have an IPv4 address in it. */
export function isSpecialAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return special.check(address, 'ipv4')
  if (family !== 6) return true
  if (special.check(address, 'ipv6')) return true
  const words = ipv6Words(address)
  const inner = embeddedWords(words)
  return inner !== undefined && special.check(inner.flatMap((word) => [word >> 8, word & 255]).join('.'), 'ipv4')
}

/** The two words of an IPv4 address in an IPv6 address: mapped, compatible, translated (NAT64) or 6to4. */
function embeddedWords(words: readonly number[]): readonly number[] | undefined {
  const [first = 0, second = 0, third = 0] = words
  const isZero = (from: number, to: number) => words.slice(from, to).every((word) => word === 0)
  if (isZero(0, 5) && (words[5] === 0xffff || words[5] === 0)) return words.slice(6)
  if (isZero(0, 4) && words[4] === 0xffff && words[5] === 0) return words.slice(6)
  if (first === 0x64 && second === 0xff9b && (third === 0 || third === 1)) return words.slice(6)
  if (first === 0x2002) return words.slice(1, 3)
  return undefined
}

/** The eight words of an IPv6 address. */
function ipv6Words(address: string): number[] {
  // The parser of URLs writes the IPv4 part in hexadecimal, too.
  const text = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1)
  const [head = '', tail] = text.split('::')
  const wordsOf = (part: string) => (part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16)))
  if (tail === undefined) return wordsOf(head)
  const [before, after] = [wordsOf(head), wordsOf(tail)]
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after]
}
