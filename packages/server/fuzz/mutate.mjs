/** A small generator of 32-bit random numbers (mulberry32), so that a connection can be repeated from its seed. */
export function generator(seed) {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const methods = [
  'GET',
  'HEAD',
  'PUT',
  'POST',
  'PATCH',
  'DELETE',
  'COPY',
  'OPTIONS',
  'TRACE',
  'QUERY',
  'PROPFIND',
  'get',
  'X',
  'CONNECT',
]
const pieces = [
  '%00',
  '%2e%2e',
  '..',
  '.',
  '/',
  '//',
  '/../',
  '/%2e%2e/',
  '%2F',
  '%5c',
  '\\',
  '%',
  '%zz',
  '%ff',
  '%ed%a0%80',
  '#',
  '?',
  '&',
  '=',
  '+',
  ';',
  ':',
  '@',
  '%0d%0a',
  '%E2%98%83',
  '%f4%8f%bf%bf',
  '%2500',
  '~',
  '*',
  '__proto__',
  'constructor',
  '-1',
  '1e309',
  'limit=10000',
  'limit=-1',
  'limit=1e3',
  'marker=%00',
  'delimiter=%f4%8f%bf%bf',
  'reverse=1',
  'format=json',
  'path=',
  'prefix=%',
  'sort_key=id',
  'sort_dir=desc',
  'name=in:"',
  'size_min=x',
  'multipart-manifest=get',
  'multipart-manifest=delete',
  'async=1',
  'changes-since=x',
  'part-number=0',
  'tag=',
  'os_hidden=true',
  'heartbeat=1',
  'nocatalog',
  'x=y',
]
const values = [
  '',
  'ä',
  'bytes=0-',
  'bytes=-0,1-2',
  'bytes=9-1',
  '"',
  ',',
  '*/*;q=',
  'application/json',
  '-1',
  '99999999999999999999',
  'chunked',
  'gzip, chunked',
  'close',
  '☃',
  'č\u010a',
  'x; y="z',
  '../../x',
  '%00',
  '0x10',
  '\t',
  'null',
]
const names = [
  'Range',
  'Accept',
  'Content-Type',
  'Content-Length',
  'Transfer-Encoding',
  'Expect',
  'Host',
  'X-Auth-Token',
  'X-Subject-Token',
  'If-Match',
  'If-None-Match',
  'If-Modified-Since',
  'ETag',
  'Destination',
  'Destination-Account',
  'X-Copy-From',
  'X-Copy-From-Account',
  'X-Object-Manifest',
  'X-Static-Large-Object',
  'X-Openstack-Request-Id',
  'X-Image-Meta-Store',
  'X-Openstack-Image-Size',
  'Content-Disposition',
  'Content-Encoding',
  'Connection',
  'Upgrade',
  'Content-Range',
  'X-Detect-Content-Type',
  'X-Object-Meta-',
  'X-Container-Meta-X',
  'X-Remove-Account-Meta-X',
  'Accept-Encoding',
  '__proto__',
  'X-Auth-Method',
]
const jsonValues = [
  'null',
  '""',
  '"\\u0000"',
  '"\\ud800"',
  '-1',
  '1e400',
  '{}',
  '[]',
  '[[[[]]]]',
  'true',
  '{"__proto__":{"x":1}}',
  '"a"',
  '99999999999999999999',
  '"<"',
]

/** The bytes of one connection, in the pieces in which they are written. */
export function mutant(random, seeds, tokens, host) {
  const pick = (list) => list[random(list.length)]
  const chance = (of) => random(of) === 0

  function inTarget(target) {
    const at = random(target.length + 1)
    const kind = random(8)
    if (kind < 4) return target.slice(0, at) + pick(pieces) + target.slice(at)
    if (kind === 4) return target.slice(0, at)
    if (kind === 5) return target + (target.includes('?') ? '&' : '?') + pick(pieces)
    if (kind === 6)
      return target.slice(0, at) + pick(pieces).repeat(1 + random(chance(4) ? 4000 : 20)) + target.slice(at)
    const other = pick(seeds).target.split('/')
    return target
      .split('/')
      .map((part) => (chance(3) ? pick(other) : part))
      .join('/')
  }

  function inHeaders(headers) {
    const kind = random(7)
    if (kind === 0) return [...headers, [pick(names), pick(values)]]
    if (kind === 1) return headers.filter(() => !chance(3))
    if (kind === 2) return headers.flatMap((each) => (chance(2) ? [each, each] : [each]))
    if (kind === 3) return headers.map(([name, value]) => [name, chance(2) ? pick(values) : value])
    if (kind === 4) return [...headers, [pick(names), pick(values).repeat(1 + random(chance(3) ? 9000 : 50))]]
    if (kind === 5)
      return [
        ...headers,
        ...Array.from({ length: random(chance(4) ? 400 : 30) }, (_, at) => [`X-Object-Meta-${at}`, pick(values)]),
      ]
    return headers.map(([name, value]) => [
      name,
      `${value.slice(0, random(value.length + 1))}${pick(values)}${value.slice(random(value.length + 1))}`,
    ])
  }

  function inBody(body) {
    const at = random(body.length + 1)
    const kind = random(7)
    if (kind === 0) return body.slice(0, at)
    if (kind === 1) return body.slice(0, at) + pick(values) + body.slice(at)
    if (kind === 2)
      return body.replaceAll(/"[^"]*"(?=[,}\]])|\d+|null/g, (found) => (chance(3) ? pick(jsonValues) : found))
    if (kind === 3) return pick(jsonValues)
    if (kind === 4) return '['.repeat(1 + random(5000)) + body
    if (kind === 5) return body.slice(0, at) + body.slice(random(at + 1)).repeat(1 + random(chance(8) ? 2000 : 4))
    return pick(seeds).body
  }

  function one() {
    let { method, target, headers, body } = pick(seeds)
    const token = pick([...tokens, ...tokens, ...tokens, undefined, 'gAAAAA', `${pick(tokens)}x`])
    headers = [...(token === undefined ? [] : [['X-Auth-Token', token]]), ...headers]
    for (let times = random(4); times > 0; times -= 1) {
      const kind = random(6)
      if (kind === 0) method = pick(methods)
      else if (kind < 3) target = inTarget(target)
      else if (kind < 5) headers = inHeaders(headers)
      else body = inBody(body)
    }
    return frame(method, target, headers, Buffer.from(body))
  }

  /**
   * Mostly sends the right length, otherwise one too short or too long, valid or invalid chunks, or no length at all.
   */
  function frame(method, target, headers, body) {
    const lines = [`${method} ${target} HTTP/1.${chance(40) ? 0 : 1}`, ...(chance(60) ? [] : [`Host: ${host}`])]
    for (const [name, value] of headers) lines.push(chance(400) ? `${name}:\r\n ${value}` : `${name}: ${value}`)
    if (!chance(4)) lines.push('Connection: close')
    const kind = random(12)
    const isEmpty = body.length === 0 && !['PUT', 'POST', 'PATCH'].includes(method)
    if (kind === 0) lines.push(`Content-Length: ${body.length + random(20)}`)
    else if (kind === 1) lines.push(`Content-Length: ${Math.max(0, body.length - random(20))}`)
    else if (kind === 2) lines.push('Transfer-Encoding: chunked')
    else if (!isEmpty) lines.push(`Content-Length: ${body.length}`)
    const sent = kind === 2 ? inChunks(body) : body
    return Buffer.concat([
      Buffer.from(lines.join('\r\n'), chance(3) ? 'latin1' : 'utf8'),
      Buffer.from(chance(90) ? '\n\n' : '\r\n\r\n'),
      sent,
    ])
  }

  function inChunks(body) {
    const parts = []
    for (let at = 0; at < body.length;) {
      const length = 1 + random(Math.min(body.length - at, 500))
      const told = chance(15) ? pick(['-1', 'zz', 'ffffffffffffffff', `${length + 3}`, '']) : length.toString(16)
      parts.push(
        Buffer.from(`${told}${chance(20) ? ';x=y' : ''}\r\n`),
        body.subarray(at, at + length),
        Buffer.from('\r\n'),
      )
      at += length
    }
    return Buffer.concat([...parts, Buffer.from(chance(15) ? '0\r\nX-Auth-Token: x\r\n\r\n' : '0\r\n\r\n')])
  }

  let bytes = Buffer.concat(Array.from({ length: chance(6) ? 1 + random(4) : 1 }, one))
  for (let flips = chance(12) ? random(6) : 0; flips > 0; flips -= 1) bytes[random(bytes.length)] ^= 1 << random(8)
  if (chance(40)) bytes = bytes.subarray(0, random(bytes.length))
  const cuts = chance(5)
    ? Array.from({ length: random(8) }, () => random(bytes.length + 1)).toSorted((a, b) => a - b)
    : []
  return [0, ...cuts].map((start, index) => bytes.subarray(start, cuts[index] ?? bytes.length))
}
