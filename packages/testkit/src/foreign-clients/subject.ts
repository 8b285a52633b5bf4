import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { inject } from 'vitest'

/** Who a client is when it works on a cloud. */
export interface Person {
  /** Name of the entry in clouds.yaml. */
  readonly cloud: string
  readonly username: string
  readonly password: string
  readonly projectName: string
}

/** A cloud that foreign clients are let loose on. */
export interface Subject {
  readonly authUrl: string
  readonly cloudsYaml: string
  readonly demo: Person
  readonly alt: Person
  readonly admin: Person
  /** A folder for what the clients write; empty at first. */
  readonly folder: string
  close(): Promise<void>
}

export const subjects: readonly { readonly name: string; readonly start: () => Promise<Subject> }[] = [
  { name: 'the embedded cloud', start: startEmbedded },
  { name: 'Keystone, Glance and Swift', start: useReal },
]

const person = (name: string): Person => ({
  cloud: name,
  username: name,
  password: `${name}-secret`,
  projectName: name,
})

/** `tyrax serve` as people start it, with several projects and stores. */
async function startEmbedded(): Promise<Subject> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tyrax-foreign-'))
  const [demo, alt, admin] = [person('demo'), person('alt'), person('admin')]
  const user = ({ username, password, projectName }: Person, role: string) => ({
    name: username,
    password,
    project: projectName,
    roles: [role],
  })
  const config = path.join(folder, 'config.json')
  const users = [user(demo, 'member'), user(alt, 'member'), user(admin, 'admin')]
  const image = { stores: [{ id: 'cheap' }, { id: 'fast', default: true }] }
  await writeFile(config, JSON.stringify({ projects: ['demo', 'alt', 'admin'], users, image }))

  const program = fileURLToPath(new URL('../../../cli/bin/tyrax.js', import.meta.url))
  const server = spawn(
    process.execPath,
    [program, 'serve', '--port', '0', '--json', '--ephemeral', '--config', config],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const ended = once(server, 'exit').then(([code]) => {
    throw new Error(`tyrax serve ended with code ${String(code)} before it was ready`)
  })
  const [line] = (await Promise.race([once(createInterface(server.stdout), 'line'), ended])) as [string]
  ended.catch(() => {})
  const { authUrl, cloudsYaml } = JSON.parse(line) as { authUrl: string; cloudsYaml: string }
  return {
    authUrl,
    cloudsYaml,
    demo,
    alt,
    admin,
    folder,
    async close() {
      if (server.exitCode === null) {
        server.kill('SIGTERM')
        await once(server, 'exit')
      }
      await rm(folder, { recursive: true })
    },
  }
}

/** The services that the live suites share. */
async function useReal(): Promise<Subject> {
  const { authUrl, cloudsYaml, clouds } = inject('openstack')
  const folder = await mkdtemp(path.join(tmpdir(), 'tyrax-foreign-'))
  return { authUrl, cloudsYaml, ...clouds, folder, close: () => rm(folder, { recursive: true }) }
}
