import { access, constants, stat } from 'node:fs/promises'
import { arch, release } from 'node:os'
import { chooseProxy, type ConfigExplanation, checkConfig } from '@tyrax/sdk/internal'
import { ownPaths } from '../cloud/paths.js'
import type { Context } from '../command/context.js'
import { inFlags } from '../failure/in-flags.js'
import { originShown, settingShown } from '../resources/setting.js'
import { version } from '../version.js'
import { examine, type Finding, ok, skipped, warn } from './check.js'

/** What can be checked without a network. */
export async function checkHere(context: Context, explained: ConfigExplanation | undefined): Promise<Finding[]> {
  const { signal, env } = context
  const checks = [
    examine('program', signal, () =>
      ok(`tyrax ${version}, Node ${process.versions.node}, ${process.platform} ${release()} ${arch()}`),
    ),
    examine('configuration', signal, () => checkConfiguration(explained)),
    examine('file permissions', signal, () => checkSecrets(explained)),
    examine('proxy', signal, () => checkProxy(explained, env)),
    examine('certificates', signal, () => checkCertificates(explained, env)),
    examine('cache folder', signal, () => checkFolder(ownPaths(env).cache)),
  ]
  return (await Promise.all(checks)).flat()
}

function checkConfiguration(explained: ConfigExplanation | undefined): Omit<Finding, 'check'> {
  if (!explained) return ok('the embedded cloud')
  const { config, error, files } = explained
  if (!config) throw error
  checkConfig(config)
  const used = files.filter(({ state }) => state === 'used').map(({ path }) => path)
  const what = config.cloud === undefined ? 'flags or variables describe the cloud' : `the cloud ${config.cloud}`
  const said = used.length > 0 && config.cloud !== undefined ? `${what} of ${used.join(', ')}` : what
  const warnings = config.warnings.map(inFlags)
  return warnings.length > 0 ? warn(`${said}; ${warnings.join('; ')}`, 'tyrax config explain') : ok(said)
}

/** Files that other users can read are found out here, not by commands, which read them as openstacksdk does. */
async function checkSecrets(explained: ConfigExplanation | undefined): Promise<Omit<Finding, 'check'>> {
  const holders = new Set(
    (explained?.settings ?? []).flatMap(({ key, value, origin }) =>
      origin.kind === 'file' && settingShown(key, value) === '********' ? origin.file : [],
    ),
  )
  const open: string[] = []
  for (const file of holders) if (((await stat(file)).mode & 0o044) !== 0) open.push(file)
  if (open.length > 0 && process.platform !== 'win32') {
    return warn(`other users of this machine can read ${open.join(', ')}`, `chmod 600 ${open.join(' ')}`)
  }
  return ok(holders.size > 0 ? `only you can read ${[...holders].join(', ')}` : 'no file has one')
}

function checkProxy(explained: ConfigExplanation | undefined, env: NodeJS.ProcessEnv): Omit<Finding, 'check'> {
  const url = authUrlOf(explained)
  if (url === undefined)
    return skipped(explained ? 'the address of the cloud is not known' : 'none is used for the embedded cloud')
  const { proxy, because } = chooseProxy(url, env)
  return ok(`${url.host} is reached ${because}${proxy ? ` to ${proxy.host}` : ''}`)
}

function authUrlOf(explained: ConfigExplanation | undefined): URL | undefined {
  const setting = explained?.settings.find(({ key }) => key === 'auth.auth_url' || key === 'auth.endpoint')
  return typeof setting?.value === 'string' && URL.canParse(setting.value) ? new URL(setting.value) : undefined
}

function checkCertificates(explained: ConfigExplanation | undefined, env: NodeJS.ProcessEnv): Omit<Finding, 'check'> {
  const url = authUrlOf(explained)
  if (url === undefined)
    return skipped(explained ? 'the address of the cloud is not known' : 'the embedded cloud has none')
  if (url.protocol === 'http:')
    return warn(
      `${url.host} is reached by plain http: passwords and tokens can be read on the way`,
      'use https where the cloud has it',
    )
  const setting = (wanted: string) => explained?.settings.find(({ key }) => key === wanted)
  const insecure = [setting('insecure'), setting('verify')].find(
    (each) => each && /^(?:true|yes|on|1)$/i.test(String(each.value)) === (each.key === 'insecure'),
  )
  if (insecure) {
    return warn(
      `certificates are not verified (${inFlags(originShown(insecure.origin, insecure.line))})`,
      'set cacert to a file with the authorities to trust',
    )
  }
  const cacert = setting('cacert')
  if (cacert) {
    return ok(
      `the authorities in ${String(settingShown('cacert', cacert.value))} are trusted (${inFlags(originShown(cacert.origin, cacert.line))})`,
    )
  }
  const extra = env['NODE_EXTRA_CA_CERTS']
  return ok(
    `the authorities that come with Node are trusted${extra ? `, and those in ${extra} (NODE_EXTRA_CA_CERTS)` : ''}`,
  )
}

async function checkFolder(folder: string): Promise<Omit<Finding, 'check'>> {
  try {
    await access(folder, constants.W_OK)
    return ok(`tokens are kept in ${folder}`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ok(`${folder} does not exist yet`)
    return warn(`${folder} cannot be written: every command signs in again`, 'make it yours, or set TYRAX_CACHE_DIR')
  }
}
