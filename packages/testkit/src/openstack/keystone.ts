import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { answersOk } from './answers.js'
import { runCommand } from './command.js'
import { writeIni } from './ini.js'
import type { Plan } from './plan.js'
import { startService, type ServiceProcess } from './service-process.js'
import { provideDatabase, sqliteUrl } from './sqlite-file.js'
import { supportFile } from './support-files.js'

const folderOf = (plan: Plan) => path.join(plan.run.path, 'keystone')
const configOf = (plan: Plan) => path.join(folderOf(plan), 'keystone.conf')

/** Writes Keystone's configuration, keys and database, which contains the user `admin`. */
export async function prepareKeystone(plan: Plan): Promise<void> {
  const folder = folderOf(plan)
  await mkdir(folder)
  const [tokenKeys, credentialKeys] = [path.join(folder, 'fernet-keys'), path.join(folder, 'credential-keys')]
  await writeKeys(tokenKeys)
  await writeKeys(credentialKeys)
  const database = path.join(folder, 'keystone.db')
  await writeIni(configOf(plan), {
    DEFAULT: { log_dir: plan.run.logs, log_file: 'keystone-service.log' },
    database: { connection: sqliteUrl(database) },
    token: { provider: 'fernet', expiration: plan.tokenLifeSeconds },
    fernet_tokens: { key_repository: tokenKeys },
    fernet_receipts: { key_repository: tokenKeys },
    // The stock list plus totp.
    auth: { methods: 'external,password,token,oauth1,mapped,application_credential,totp' },
    credential: { key_repository: credentialKeys },
    // The minimum that bcrypt accepts: most of what the suites request of Keystone are logins.
    identity: { password_hash_rounds: 4 },
  })
  await provideDatabase(plan, database, () => manage(plan, ['db_sync']))
  await manage(
    plan,
    ['bootstrap', '--bootstrap-region-id', plan.region].concat(
      ['admin', 'internal', 'public'].flatMap((name) => [`--bootstrap-${name}-url`, `${plan.authUrl}/`]),
    ),
    { OS_BOOTSTRAP_PASSWORD: plan.adminPassword },
  )
}

export async function startKeystone(plan: Plan): Promise<ServiceProcess> {
  const { environment, ports, run } = plan
  const service = await startService(run, {
    name: 'keystone',
    python: environment.bin('python'),
    command: environment.bin('python'),
    args: [
      environment.bin('gunicorn'),
      '-w',
      '2',
      '--timeout',
      '120',
      '--graceful-timeout',
      '2',
      '-b',
      `127.0.0.1:${ports.keystone}`,
      '--no-control-socket',
      '--chdir',
      folderOf(plan),
      'keystone_app:application',
    ],
    cwd: folderOf(plan),
    env: {
      ...plan.env,
      PYTHONPATH: path.dirname(supportFile('keystone_app.py')),
      PYTHONDONTWRITEBYTECODE: '1',
      OS_KEYSTONE_CONFIG_DIR: folderOf(plan),
      OS_KEYSTONE_CONFIG_FILES: configOf(plan),
    },
  })
  await service.ready(() => answersOk(plan.authUrl), 90)
  return service
}

async function manage(plan: Plan, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
  const { environment } = plan
  await runCommand(environment.bin('keystone-manage'), ['--config-file', configOf(plan), ...args], {
    cwd: folderOf(plan),
    env: { ...plan.env, ...env },
    timeoutSeconds: 180,
  })
}

/** Fernet keys are 32 random bytes in URL-safe base64: 0 is staged, the highest is primary. */
async function writeKeys(folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o700 })
  for (const name of ['0', '1']) {
    const key = randomBytes(32).toString('base64').replaceAll('+', '-').replaceAll('/', '_')
    await writeFile(path.join(folder, name), key, { mode: 0o600 })
  }
}
