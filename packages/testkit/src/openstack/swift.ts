import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { userInfo } from 'node:os'
import path from 'node:path'
import { answersOk } from './answers.js'
import { runCommand } from './command.js'
import { keystoneAuthToken } from './glance.js'
import { type IniSections, writeIni } from './ini.js'
import type { Plan } from './plan.js'
import { startService } from './service-process.js'

const backends = ['account', 'container', 'object'] as const

const folderOf = (plan: Plan) => path.join(plan.run.path, 'swift')
const configOf = (plan: Plan, name: string) => path.join(folderOf(plan), `${name}-server.conf`)

/** Writes Swift's rings and configurations: one device, one replica. */
export async function prepareSwift(plan: Plan): Promise<void> {
  const folder = folderOf(plan)
  const devices = path.join(folder, 'devices')
  await mkdir(path.join(devices, 'sda'), { recursive: true })
  const secret = () => randomBytes(12).toString('hex')
  await writeIni(path.join(folder, 'swift.conf'), {
    'swift-hash': { swift_hash_path_prefix: secret(), swift_hash_path_suffix: secret() },
    'storage-policy:0': { name: 'Policy-0', default: 'yes' },
  })
  // Without workers, a server is a single process; it requires the name of a user to run as, so we pass our own.
  const common = { bind_ip: '127.0.0.1', workers: 0, swift_dir: folder, user: userInfo().username }
  for (const name of backends) {
    await writeIni(configOf(plan, name), {
      DEFAULT: { ...common, bind_port: plan.ports[name], devices, mount_check: 'false' },
      'pipeline:main': { pipeline: `healthcheck ${name}-server` },
      'filter:healthcheck': { use: 'egg:swift#healthcheck' },
      [`app:${name}-server`]: { use: `egg:swift#${name}` },
    })
  }
  await writeIni(configOf(plan, 'proxy'), {
    DEFAULT: { ...common, bind_port: plan.ports.proxy },
    ...proxyPipeline(plan),
  })
  await Promise.all(backends.map((name) => buildRing(plan, name)))
}

export async function startSwift(plan: Plan): Promise<void> {
  await Promise.all(
    [...backends, 'proxy' as const].map(async (name) => {
      const service = await startService(plan.run, {
        name: `swift-${name}`,
        python: plan.environment.bin('python'),
        command: plan.environment.bin('python'),
        args: [plan.environment.bin(`swift-${name}-server`), configOf(plan, name), '-v'],
        cwd: folderOf(plan),
        env: plan.env,
      })
      await service.ready(() => answersOk(`http://127.0.0.1:${plan.ports[name]}/healthcheck`), 90)
    }),
  )
}

function proxyPipeline(plan: Plan): IniSections {
  const filter = (name: string) => ({ use: `egg:swift#${name}` })
  return {
    'pipeline:main': {
      pipeline:
        'catch_errors healthcheck proxy-logging cache crossdomain bulk tempurl authtoken keystoneauth copy container-quotas account-quotas slo dlo proxy-logging proxy-server',
    },
    'filter:catch_errors': filter('catch_errors'),
    'filter:healthcheck': filter('healthcheck'),
    'filter:proxy-logging': filter('proxy_logging'),
    'filter:cache': { ...filter('memcache'), memcache_servers: `127.0.0.1:${plan.ports.memcached}` },
    'filter:bulk': filter('bulk'),
    'filter:tempurl': filter('tempurl'),
    'filter:crossdomain': filter('crossdomain'),
    'filter:copy': filter('copy'),
    'filter:container-quotas': filter('container_quotas'),
    'filter:account-quotas': filter('account_quotas'),
    'filter:slo': filter('slo'),
    'filter:dlo': filter('dlo'),
    'filter:authtoken': {
      'paste.filter_factory': 'keystonemiddleware.auth_token:filter_factory',
      ...keystoneAuthToken(plan, 'swift', 'object-store'),
      delay_auth_decision: 'true',
      cache: 'swift.cache',
    },
    'filter:keystoneauth': {
      ...filter('keystoneauth'),
      operator_roles: 'admin, member',
      reader_system_roles: 'reader',
    },
    'app:proxy-server': { ...filter('proxy'), account_autocreate: 'true' },
  }
}

/** A ring with 16 partitions, one replica, on the one device. */
async function buildRing(plan: Plan, name: (typeof backends)[number]): Promise<void> {
  const builder = path.join(folderOf(plan), `${name}.builder`)
  const ring = (...args: string[]) =>
    runCommand(plan.environment.bin('swift-ring-builder'), [builder, ...args], { cwd: folderOf(plan), env: plan.env })
  await ring('create', '4', '1', '1')
  await ring('add', `r1z1-127.0.0.1:${plan.ports[name]}/sda`, '1')
  await ring('rebalance')
}
