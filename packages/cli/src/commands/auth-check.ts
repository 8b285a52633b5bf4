import { NotConfiguredError } from '@tyrax/sdk'
import {
  checkConfig,
  describeOrigin,
  resolveConfig,
  type ResolvedConfig,
  shownUrl,
  type Values,
} from '@tyrax/sdk/internal'
import { configContext } from '../cloud/connect-options.js'
import { defineCommand } from '../command/define-command.js'
import type { Context } from '../command/context.js'
import { item, type Row } from '../output/result.js'

export const authCheck = defineCommand({
  summary: 'Show which settings are used and try them',
  description:
    'Shows which file and key, variable or flag each setting came from, gets a token, and shows its project and user, the\n' +
    'endpoints of the services, and warnings about them.',
  examples: [{ run: 'tyrax --os-cloud mycloud auth check', does: 'which settings are used, and do they work?' }],
  args: {},
  options: {},
  columns: {
    names: ['cloud', 'ok', 'project_id', 'user_id', 'region', 'endpoints', 'warnings', 'files', 'settings'],
  },
  async run(context) {
    const config = await configured(context)
    if (config) checkConfig(config)
    const cloud = await context.connect()
    await cloud.token()
    const { image, objectStore } = await cloud.endpoints()
    return item({
      cloud: config ? (config.cloud ?? '(no entry of clouds.yaml)') : '(embedded)',
      ok: true,
      project_id: cloud.projectId ?? null,
      user_id: cloud.userId ?? null,
      region: cloud.region ?? null,
      endpoints: { image: image ?? null, object_store: objectStore ?? null },
      warnings: [...context.warnings],
      files: config?.files ?? [],
      settings: config ? settingRows(config.values) : {},
    })
  },
})

/** Undefined when nothing is configured, or the embedded cloud is requested. */
async function configured(context: Context): Promise<ResolvedConfig | undefined> {
  if ((context.globals.osCloud ?? context.env['OS_CLOUD']) === 'embedded') return undefined
  try {
    return await resolveConfig(await context.connectOptions(), configContext(context))
  } catch (error) {
    if (error instanceof NotConfiguredError) return undefined
    throw error
  }
}

/** Each setting with its origin; secrets are masked. */
function settingRows(values: Values): Row {
  return Object.fromEntries(
    [...values].map(([key, { value, origin }]) => {
      const shown = /password|secret|token|passcode/.test(key) ? '********' : JSON.stringify(settingShown(value))
      return [key, `${shown} from ${describeOrigin(origin)}`]
    }),
  )
}

/** An address may contain a user and a password; the text of a key is a secret. */
function settingShown(value: unknown): unknown {
  if (typeof value === 'string' && value.includes('-----BEGIN ')) return 'the text of a certificate or key'
  return typeof value === 'string' && value.includes('://') ? shownUrl(value) : value
}
