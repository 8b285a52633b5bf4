import { Agent, request } from 'node:http'

/** Sends the same GET over so many connections for so long; resolves to the answers per second. */
export async function requestsPerSecond({ token }, url, { connections = 8, seconds = 2 } = {}) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const end = Date.now() + seconds * 1000
  let answers = 0
  const start = performance.now()
  const one = async () => {
    while (Date.now() < end) {
      await get(agent, url, token)
      answers += 1
    }
  }
  await Promise.all(Array.from({ length: connections }, one))
  agent.destroy()
  return answers / ((performance.now() - start) / 1000)
}

function get(agent, url, token) {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      { agent, headers: { 'x-auth-token': token, accept: 'application/json' } },
      (incoming) => {
        if (incoming.statusCode !== 200) reject(new Error(`${url}: ${incoming.statusCode}`))
        incoming.on('end', resolve).on('error', reject).resume()
      },
    )
    outgoing.on('error', reject).end()
  })
}
