import { once } from 'node:events'
import { connect } from 'node:net'
import type { Plan } from './plan.js'
import { startService, type ServiceProcess } from './service-process.js'

/** Swift's cache of tokens and containers. */
export async function startMemcached(plan: Plan): Promise<ServiceProcess> {
  const { ports, run, environment, env } = plan
  const args = ['-l', '127.0.0.1', '-p', String(ports.memcached), '-U', '0', '-m', '64', '-t', '1']
  if (process.getuid?.() === 0) args.push('-u', 'root')
  const service = await startService(run, {
    name: 'memcached',
    python: environment.bin('python'),
    command: '/usr/bin/memcached',
    args,
    cwd: run.path,
    env,
  })
  await service.ready(() => accepts(ports.memcached), 20)
  return service
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  const answer = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'close').then(() => false),
  ]).catch(() => false)
  socket.destroy()
  return answer
}
