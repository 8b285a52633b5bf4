import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { inject } from 'vitest'
import { type Programs, startPrograms } from './programs.js'
import { startServe } from '../serve/serve-process.js'

/** The user that a client works as. */
export interface Person {
  /** Name of the entry in clouds.yaml. */
  readonly cloud: string
  readonly username: string
  readonly password: string
  readonly projectName: string
}

/** A cloud that third-party clients are tested on. */
export interface Subject {
  readonly authUrl: string
  readonly cloudsYaml: string
  readonly demo: Person
  readonly alt: Person
  readonly admin: Person
  /** A folder for the clients' output; empty at first. */
  readonly folder: string
  readonly programs: Programs
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

/** `tyrax serve` as users start it, with several projects and stores. */
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
  const importFilter = { allowedHosts: ['127.0.0.1'], allowedPorts: [] }
  const image = { stores: [{ id: 'cheap' }, { id: 'fast', default: true }], importFilter }
  await writeFile(config, JSON.stringify({ projects: ['demo', 'alt', 'admin'], users, image }))

  const server = await startServe('--ephemeral', '--config', config)
  const programs = await startPrograms(inject('openstack').bin)
  const { authUrl, cloudsYaml } = server
  return {
    authUrl,
    cloudsYaml,
    demo,
    alt,
    admin,
    folder,
    programs,
    async close() {
      await programs.close()
      await server.stop()
      await rm(folder, { recursive: true })
    },
  }
}

/** The services that the live suites share. */
async function useReal(): Promise<Subject> {
  const { authUrl, cloudsYaml, clouds, bin } = inject('openstack')
  const folder = await mkdtemp(path.join(tmpdir(), 'tyrax-foreign-'))
  const programs = await startPrograms(bin)
  return {
    authUrl,
    cloudsYaml,
    ...clouds,
    folder,
    programs,
    async close() {
      await programs.close()
      await rm(folder, { recursive: true })
    },
  }
}
