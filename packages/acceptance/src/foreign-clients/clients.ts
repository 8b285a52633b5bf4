import path from 'node:path'
import { inject } from 'vitest'
import type { Person, Subject } from './subject.js'

/** Third-party programs, logged in as one user. Each resolves to its output, and rejects when the program fails. */
export interface Clients {
  readonly openstack: Run
  /** `openstack … -f json`, parsed. */
  readonly openstackJson: <T>(...args: string[]) => Promise<T>
  /** `openstack` for another account, which these variables name. */
  readonly openstackAs: (variables: Readonly<Record<string, string>>) => Run
  readonly glance: Run
  readonly swift: Run
  /** A script of ours, with its arguments. */
  readonly python: Run
}

type Run = (...args: string[]) => Promise<string>

export function clientsOf(subject: Subject, person: Person): Clients {
  const { bin } = inject('openstack')
  const shared = { PATH: process.env['PATH'], LANG: 'C.UTF-8', HOME: subject.folder }
  const anyone = {
    OS_AUTH_URL: subject.authUrl,
    OS_USER_DOMAIN_NAME: 'Default',
    OS_IDENTITY_API_VERSION: '3',
    OS_REGION_NAME: 'RegionOne',
  }
  const byFile = { ...shared, OS_CLIENT_CONFIG_FILE: subject.cloudsYaml, OS_CLOUD: person.cloud }
  // glance and swift do not support clouds.yaml.
  const byVariables = {
    ...shared,
    ...anyone,
    OS_USERNAME: person.username,
    OS_PASSWORD: person.password,
    OS_PROJECT_NAME: person.projectName,
    OS_PROJECT_DOMAIN_NAME: 'Default',
  }
  const run =
    (program: string, env: NodeJS.ProcessEnv) =>
    (...args: string[]) =>
      subject.programs.run({ argv: [path.join(bin, program), ...args], env, cwd: subject.folder })
  const openstack = run('openstack', byFile)
  return {
    openstack,
    openstackJson: async (...args) => JSON.parse(await openstack(...args, '-f', 'json')),
    openstackAs: (variables) => run('openstack', { ...shared, ...anyone, ...variables }),
    glance: run('glance', byVariables),
    swift: run('swift', byVariables),
    python: (...argv) => subject.programs.run({ argv, env: byFile, cwd: subject.folder }),
  }
}
