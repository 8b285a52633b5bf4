import { runCommand } from './command.js'
import { type Plan, randomPassword } from './plan.js'
import { supportFile } from './support-files.js'

/** A login to the cloud: an entry of its clouds.yaml. */
export interface CloudLogin {
  /** Name of the entry in clouds.yaml. */
  readonly cloud: string
  readonly username: string
  readonly password: string
  readonly userId: string
  readonly projectName: string
  readonly projectId: string
  readonly roles: readonly string[]
}

const people = [
  { cloud: 'admin', username: 'admin', projectName: 'admin', roles: ['admin'] },
  { cloud: 'demo', username: 'demo', projectName: 'demo', roles: ['member'] },
  { cloud: 'alt', username: 'alt', projectName: 'alt', roles: ['member'] },
  { cloud: 'reader', username: 'reader', projectName: 'demo', roles: ['reader'] },
  { cloud: 'service', username: 'nova', projectName: 'demo', roles: ['member', 'service'] },
] as const

export type CloudName = (typeof people)[number]['cloud']

/**
 * Registers the services and creates projects and users, in one Python process, because each `openstack` call takes
 * seconds.
 */
export async function seed(plan: Plan): Promise<Record<CloudName, CloudLogin>> {
  const logins = people.map((person) => ({
    ...person,
    password: person.username === 'admin' ? plan.adminPassword : randomPassword(),
  }))
  const services = ['glance', 'swift'].map((name) => ({
    name,
    project: 'service',
    password: plan.servicePassword,
    roles: ['admin', 'service'],
  }))
  const input = JSON.stringify({
    authUrl: plan.authUrl,
    adminPassword: plan.adminPassword,
    region: plan.region,
    services: [
      { name: 'glance', type: 'image', url: plan.imageUrl },
      { name: 'swift', type: 'object-store', url: plan.objectStoreUrl },
    ],
    projects: ['service', ...new Set(people.map(({ projectName }) => projectName))],
    users: [
      ...services,
      ...logins.map(({ username, projectName, ...rest }) => ({ ...rest, name: username, project: projectName })),
    ],
  })
  const printed = await runCommand(plan.environment.bin('python'), [supportFile('seed.py')], { env: plan.env, input })
  const ids = JSON.parse(printed) as { projects: Record<string, string>; users: Record<string, string> }
  const entries = logins.map((login): [CloudName, CloudLogin] => [
    login.cloud,
    { ...login, userId: ids.users[login.username] ?? '', projectId: ids.projects[login.projectName] ?? '' },
  ])
  return Object.fromEntries(entries) as Record<CloudName, CloudLogin>
}
