import { type Catalog, NotConfiguredError } from '@tyrax/sdk'
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
import { wireTime } from '../output/cells.js'
import { item, type Row } from '../output/result.js'
import { masked, settingShown } from '../resources/setting.js'

export const authCheck = defineCommand({
  summary: 'Show which settings are used and try them',
  description:
    'Shows which file and key, variable or flag each setting came from, gets a token, and shows its project, user, roles\n' +
    'and life, how it was got, the endpoints in use, every endpoint of the catalogue, and warnings about them.',
  examples: [{ run: 'tyrax --os-cloud mycloud auth check', does: 'which settings are used, and do they work?' }],
  args: {},
  options: {},
  columns: {
    names: [
      'cloud',
      'ok',
      'project_id',
      'user_id',
      'region',
      'auth_type',
      'project',
      'user',
      'roles',
      'expires_at',
      'expires_in',
      'endpoints',
      'catalog',
      'warnings',
      'files',
      'settings',
    ],
    types: {
      auth_type: ['string'],
      project: ['string', 'null'],
      user: ['string', 'null'],
      roles: ['strings'],
      expires_in: ['integer', 'null'],
      catalog: ['object'],
    },
  },
  async run(context) {
    const config = await configured(context)
    if (config) checkConfig(config)
    const cloud = await context.connect()
    const grant = await cloud.identity.grant(context.signal)
    const { expiresAt } = grant
    const { image, objectStore } = await cloud.endpoints()
    return item({
      cloud: config ? (config.cloud ?? '(no entry of clouds.yaml)') : '(embedded)',
      ok: true,
      project_id: cloud.projectId ?? null,
      user_id: cloud.userId ?? null,
      region: cloud.region ?? null,
      auth_type: config ? checkConfig(config).auth.type : 'password',
      project: grant.projectName ?? null,
      user: grant.userName ?? null,
      roles: grant.roles,
      expires_at: expiresAt === undefined ? null : wireTime(new Date(expiresAt)),
      expires_in: expiresAt === undefined ? null : Math.floor((expiresAt - Date.now()) / 1000),
      endpoints: { image: image ?? null, object_store: objectStore ?? null },
      catalog: catalogRows(grant.catalog),
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
      const shown = settingShown(key, value)
      return [key, `${shown === masked ? masked : JSON.stringify(shown)} from ${describeOrigin(origin)}`]
    }),
  )
}

/** Every endpoint of the catalogue: `image public RegionOne`. */
function catalogRows(catalog: Catalog): Row {
  return Object.fromEntries(
    catalog.flatMap(({ type, endpoints }) =>
      endpoints.map((each) => [[type, each.interface, each.region ?? ''].join(' ').trimEnd(), shownUrl(each.url)]),
    ),
  )
}
