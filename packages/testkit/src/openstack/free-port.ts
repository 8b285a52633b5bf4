import { once } from 'node:events'
import { createServer } from 'node:net'
import { randomInt } from 'node:crypto'
import { LaunchError } from './launch-error.js'

/**
 * Different ports of 127.0.0.1 that nothing listens on. They are below the range that outgoing connections use, so that
 * no connection takes one before its server does.
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>()
  for (let tries = 0; ports.size < count; tries++) {
    if (tries > 500) throw new LaunchError('No free ports between 20000 and 32000 on 127.0.0.1.')
    const port = randomInt(20_000, 32_000)
    if (await isFree(port)) ports.add(port)
  }
  return [...ports]
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const listening = once(server, 'listening').then(
    () => true,
    () => false,
  )
  server.listen(port, '127.0.0.1')
  if (!(await listening)) return false
  server.close()
  await once(server, 'close')
  return true
}
