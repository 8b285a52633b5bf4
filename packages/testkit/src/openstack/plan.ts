import { randomBytes } from 'node:crypto'
import type { PythonEnvironment } from './python-environment.js'
import { freePorts } from './free-port.js'
import type { RunFolder } from './run-folder.js'

/** Ports, addresses and passwords of one cloud, chosen before anything starts. */
export interface Plan {
  readonly environment: PythonEnvironment
  readonly run: RunFolder
  readonly ports: Readonly<Record<PortName, number>>
  readonly authUrl: string
  readonly imageUrl: string
  readonly objectStoreUrl: string
  readonly region: string
  /** Of the user `admin`. */
  readonly adminPassword: string
  /** Of the services' own users. */
  readonly servicePassword: string
  readonly tokenLifeSeconds: number
  /** The environment of the servers: ours without variables that configure a client or a proxy. */
  readonly env: NodeJS.ProcessEnv
}

const portNames = ['memcached', 'keystone', 'glance', 'proxy', 'account', 'container', 'object'] as const
export type PortName = (typeof portNames)[number]

export async function makePlan(
  environment: PythonEnvironment,
  run: RunFolder,
  tokenLifeSeconds: number,
): Promise<Plan> {
  const numbers = await freePorts(portNames.length)
  const ports = Object.fromEntries(portNames.map((name, index) => [name, numbers[index]])) as Record<PortName, number>
  return {
    environment,
    run,
    ports,
    authUrl: `http://127.0.0.1:${ports.keystone}/v3`,
    imageUrl: `http://127.0.0.1:${ports.glance}`,
    objectStoreUrl: `http://127.0.0.1:${ports.proxy}/v1/AUTH_%(project_id)s`,
    region: 'RegionOne',
    adminPassword: randomPassword(),
    servicePassword: randomPassword(),
    tokenLifeSeconds,
    env: {
      PATH: `${environment.bin('')}:${process.env['PATH'] ?? '/usr/bin:/bin'}`,
      HOME: run.path,
      LANG: 'C.UTF-8',
      TZ: 'UTC',
    },
  }
}

export const randomPassword = (): string => randomBytes(18).toString('base64url')
