import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { answersOk } from './answers.js'
import { runCommand } from './command.js'
import { writeIni } from './ini.js'
import type { Plan } from './plan.js'
import { startService, type ServiceProcess } from './service-process.js'
import { provideDatabase, sqliteUrl } from './sqlite-file.js'
import { supportFile } from './support-files.js'

const folderOf = (plan: Plan) => path.join(plan.run.path, 'glance')
const configOf = (plan: Plan) => path.join(folderOf(plan), 'glance-api.conf')

/** Writes Glance's configuration, store folders and database, including metadata definitions. */
export async function prepareGlance(plan: Plan): Promise<void> {
  const { environment, imageUrl } = plan
  const folder = folderOf(plan)
  const inFolder = (name: string) => path.join(folder, name)
  for (const name of ['', 'cheap', 'fast', 'staging', 'tasks', 'cache']) await mkdir(inFolder(name))
  await copyFile(path.join(environment.folder, 'etc/glance/glance-api-paste.ini'), inFolder('glance-api-paste.ini'))
  await writeFile(inFolder('schema-image.json'), '{}')
  await writeIni(inFolder('swift-store.conf'), {
    cloud: {
      auth_version: 3,
      auth_address: plan.authUrl,
      user: 'service:glance',
      key: plan.servicePassword,
      user_domain_id: 'default',
      project_domain_id: 'default',
    },
  })
  const database = inFolder('glance.db')
  await writeIni(configOf(plan), {
    DEFAULT: {
      log_dir: plan.run.logs,
      log_file: 'glance-service.log',
      // Clients compare the stores of an image with the sorted names.
      enabled_backends: 'cheap:file, fast:file, swift:swift, web:http',
      // oslo.config needs the brackets; without them every POST of an image is a 500.
      enabled_import_methods: '[glance-direct,web-download,copy-image,glance-download]',
      show_multiple_locations: 'true',
      image_cache_dir: inFolder('cache'),
      // Queued images are cached within seconds instead of minutes.
      cache_prefetcher_interval: 1,
      public_endpoint: imageUrl,
      worker_self_reference_url: imageUrl,
    },
    database: { connection: sqliteUrl(database) },
    paste_deploy: { flavor: 'keystone', config_file: inFolder('glance-api-paste.ini') },
    keystone_authtoken: keystoneAuthToken(plan, 'glance', 'image'),
    glance_store: { default_backend: 'fast' },
    cheap: { filesystem_store_datadir: inFolder('cheap'), store_description: 'Slow and large' },
    fast: { filesystem_store_datadir: inFolder('fast'), store_description: 'Quick and small' },
    swift: {
      swift_store_config_file: inFolder('swift-store.conf'),
      default_swift_reference: 'cloud',
      swift_store_create_container_on_put: true,
      swift_store_region: plan.region,
      store_description: 'Object storage',
    },
    web: { store_description: 'Images that stay where they are' },
    os_glance_staging_store: { filesystem_store_datadir: inFolder('staging') },
    os_glance_tasks_store: { filesystem_store_datadir: inFolder('tasks') },
    import_filtering_opts: {
      allowed_schemes: '[http,https]',
      allowed_ports: '[]',
      disallowed_hosts: '[]',
      allowed_hosts: '[127.0.0.1]',
    },
  })
  await provideDatabase(plan, database, async () => {
    await manage(plan, ['db_sync'])
    await manage(plan, ['db_load_metadefs', path.join(environment.folder, 'etc/glance/metadefs')])
  })
}

export async function startGlance(plan: Plan): Promise<ServiceProcess> {
  const { environment, ports, run } = plan
  const service = await startService(run, {
    name: 'glance',
    python: environment.bin('python'),
    command: environment.bin('python'),
    args: [
      environment.bin('gunicorn'),
      '-w',
      '2',
      '-k',
      'gthread',
      '--threads',
      '16',
      '--timeout',
      '3600',
      '--graceful-timeout',
      '2',
      '--keep-alive',
      '65',
      '-b',
      `127.0.0.1:${ports.glance}`,
      '--no-control-socket',
      '--chdir',
      folderOf(plan),
      'glance_app:application',
    ],
    cwd: folderOf(plan),
    env: {
      ...plan.env,
      PYTHONPATH: path.dirname(supportFile('glance_app.py')),
      PYTHONDONTWRITEBYTECODE: '1',
      OS_GLANCE_CONFIG_DIR: folderOf(plan),
    },
  })
  await service.ready(() => answersOk(`${plan.imageUrl}/versions`), 90)
  return service
}

/** How a service validates the tokens that it receives with Keystone. */
export function keystoneAuthToken(plan: Plan, username: string, serviceType: string): Record<string, string> {
  return {
    www_authenticate_uri: plan.authUrl,
    auth_url: plan.authUrl,
    auth_type: 'password',
    username,
    password: plan.servicePassword,
    project_name: 'service',
    user_domain_id: 'default',
    project_domain_id: 'default',
    region_name: plan.region,
    interface: 'internal',
    service_token_roles_required: 'true',
    // Without it, tokens with access rules are refused everywhere.
    service_type: serviceType,
  }
}

async function manage(plan: Plan, args: readonly string[]): Promise<void> {
  await runCommand(plan.environment.bin('glance-manage'), ['--config-file', configOf(plan), ...args], {
    cwd: folderOf(plan),
    env: plan.env,
    timeoutSeconds: 180,
  })
}
