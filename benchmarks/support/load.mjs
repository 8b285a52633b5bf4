import { Pool } from 'undici'

/**
 * Sends the same GET over that number of connections for that number of seconds; resolves to the responses per second.
 * One request at a time on a connection, as clients do. The client is undici's, because Node's own takes more time per
 * request than the embedded cloud does, so that the client would be measured.
 */
export async function requestsPerSecond({ token }, url, { connections = 8, seconds = 2 } = {}) {
  const { origin, pathname, search } = new URL(url)
  const pool = new Pool(origin, { connections, pipelining: 1 })
  const request = {
    path: pathname + search,
    method: 'GET',
    headers: { 'x-auth-token': token, accept: 'application/json' },
  }
  const end = Date.now() + seconds * 1000
  let responses = 0
  const start = performance.now()
  const one = async () => {
    while (Date.now() < end) {
      const { statusCode, body } = await pool.request(request)
      await body.dump()
      if (statusCode !== 200) throw new Error(`${url}: ${statusCode}`)
      responses += 1
    }
  }
  await Promise.all(Array.from({ length: connections }, one))
  const took = performance.now() - start
  await pool.destroy()
  return responses / (took / 1000)
}
