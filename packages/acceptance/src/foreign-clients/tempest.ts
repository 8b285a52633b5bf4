import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { inject } from 'vitest'
import { runCommand } from '@tyrax/testkit'

/** OpenStack's own test program, configured for one cloud. It creates the projects and users that it works as. */
export interface Tempest {
  /** Runs the tests whose names match, and resolves to their names by result. */
  run(regex: string, excluded?: string): Promise<TempestResults>
}

/** Names of tests, and of classes whose setup failed. */
export interface TempestResults {
  readonly passed: readonly string[]
  readonly failed: readonly string[]
  readonly skipped: readonly string[]
}

export interface TempestOptions {
  readonly authUrl: string
  /** The password of the user admin in the project admin. */
  readonly adminPassword: string
  /** An empty folder for its configuration and results. */
  readonly folder: string
  /** Sections of `tempest.conf` in addition to those that name the cloud. */
  readonly settings: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** Writes the configuration and creates the folder of results. */
export async function prepareTempest({ authUrl, adminPassword, folder, settings }: TempestOptions): Promise<Tempest> {
  const { bin } = inject('openstack')
  const configFolder = path.join(folder, 'etc')
  await mkdir(configFolder, { recursive: true })
  const sections = {
    DEFAULT: { log_file: 'tempest.log', log_dir: folder },
    oslo_concurrency: { lock_path: path.join(folder, 'lock') },
    auth: {
      use_dynamic_credentials: 'true',
      admin_username: 'admin',
      admin_password: adminPassword,
      admin_project_name: 'admin',
      admin_domain_name: 'Default',
      tempest_roles: 'member',
    },
    identity: { uri_v3: authUrl, auth_version: 'v3', region: 'RegionOne', v3_endpoint_type: 'public' },
    service_available: { cinder: 'false', nova: 'false', neutron: 'false', glance: 'true', swift: 'true' },
    validation: { run_validation: 'false' },
    ...settings,
  }
  const lines = Object.entries(sections).flatMap(([name, values]) => [
    `[${name}]`,
    ...Object.entries(values).map(([key, value]) => `${key} = ${value}`),
  ])
  await writeFile(path.join(configFolder, 'tempest.conf'), `${lines.join('\n')}\n`, { mode: 0o600 })
  const env = {
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    LANG: 'C.UTF-8',
    HOME: folder,
    PYTHONWARNINGS: 'ignore',
    TEMPEST_CONFIG_DIR: configFolder,
  }
  const program = (name: string, ...args: string[]) =>
    runCommand(path.join(bin, name), args, { env, cwd: folder, timeoutSeconds: 900 })
  const discovery = (
    await program('python', '-c', 'import tempest.test_discover as found; print(found.__path__[0])')
  ).trim()
  const testsAt = `test_path=${discovery}\ntop_dir=${path.resolve(discovery, '../..')}`
  await writeFile(path.join(folder, '.stestr.conf'), `[DEFAULT]\n${testsAt}\ngroup_regex=([^\\.]*\\.)*\n`)
  await program('stestr', 'init')

  return {
    async run(regex, excluded) {
      const args = ['run', '--concurrency', '2', '--regex', regex]
      if (excluded !== undefined) args.push('--exclude-regex', excluded)
      // A failed test fails the program too, so what it prints goes to a file, which names the test.
      const printed = path.join(folder, 'printed.txt')
      const script = 'out=$1; shift; "$0" "$@" >"$out" 2>&1 || true'
      await runCommand('sh', ['-c', script, path.join(bin, 'tempest'), printed, ...args], {
        env,
        cwd: folder,
        timeoutSeconds: 900,
      })
      return readResults(await readFile(printed, 'utf8'))
    },
  }
}

function readResults(printed: string): TempestResults {
  const lines = printed
    .split('\n')
    .map((line) => /^\{\d+\} (\S+(?: \([^)]*\))?)(?: \[[^\]]*\])? \.\.\. (\w+)/.exec(line))
  const names = (result: string) => lines.filter((line) => line?.[2] === result).map((line) => line?.[1] ?? '')
  return { passed: names('ok'), failed: names('FAILED'), skipped: names('SKIPPED') }
}
