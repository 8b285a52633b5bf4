import { NotConfiguredError } from '@tyrax/sdk'
import { type ConfigExplanation, explainConfig } from '@tyrax/sdk/internal'
import { configContext } from '../cloud/connect-options.js'
import type { Context } from '../command/context.js'
import { defineCommand } from '../command/define-command.js'
import { inFlags } from '../failure/in-flags.js'
import { list, type Row } from '../output/result.js'
import { originShown, settingShown } from '../resources/setting.js'

const columns = ['kind', 'name', 'value', 'origin', 'overrode'] as const

export const configExplain = defineCommand({
  summary: 'Show where every setting comes from',
  description:
    'Shows every setting of the cloud with its value and its origin: the flag, the variable, or the file, key and line; what\n' +
    'it overrode; and which files were looked for. Secrets are masked. Connects to nothing. If the configuration cannot be\n' +
    'used, it shows the files, and why.',
  examples: [
    { run: 'tyrax --os-cloud mycloud config explain', does: 'which file and key won?' },
    { run: 'tyrax config explain -f json', does: 'with origins and lines as fields' },
  ],
  args: {},
  options: {},
  prints: 'list',
  columns: {
    names: [...columns, 'file', 'key', 'line', 'variable', 'flag'],
    types: {
      kind: ['string'],
      value: ['any'],
      origin: ['string'],
      overrode: ['strings'],
      key: ['string'],
      line: ['integer', 'null'],
      variable: ['string'],
      flag: ['string'],
    },
  },
  async run(context) {
    const name = context.globals.osCloud ?? context.env['OS_CLOUD']
    if (name === 'embedded') return list([embeddedRow(context)], columns)
    const explained = await explainConfig(await context.connectOptions(), configContext(context))
    const isEmbedded = explained.error instanceof NotConfiguredError && context.surroundings.stderr.isTTY
    const rows = [...(isEmbedded ? [embeddedRow(context)] : []), ...rowsOf(context, explained)]
    for (const warning of explained.config?.warnings ?? []) context.warn(warning)
    const { error } = explained
    return { ...list(rows, columns), ...(error instanceof Error && !isEmbedded ? { failure: error } : {}) }
  },
})

function embeddedRow({ globals, env }: Context): Row {
  const origin =
    globals.osCloud !== undefined ? '--os-cloud' : env['OS_CLOUD'] ? 'OS_CLOUD' : 'nothing else is configured'
  return { kind: 'cloud', name: 'cloud', value: 'embedded', origin, overrode: [] }
}

function rowsOf({ globals, env }: Context, { config, settings, files }: ConfigExplanation): Row[] {
  const cloud: Row[] = config
    ? [
        {
          kind: 'cloud',
          name: 'cloud',
          value: config.cloud ?? null,
          origin: cloudOrigin(config.cloud, globals.osCloud, env['OS_CLOUD']),
          overrode: globals.osCloud !== undefined && env['OS_CLOUD'] ? [`${env['OS_CLOUD']} from OS_CLOUD`] : [],
        },
      ]
    : []
  return [
    ...cloud,
    ...settings
      .toSorted((one, other) => one.key.localeCompare(other.key))
      .map(({ key, value, origin, line, overrode }) => ({
        kind: 'setting',
        name: key,
        value: settingShown(key, value),
        origin: inFlags(originShown(origin, line)),
        overrode: overrode.map((each) =>
          inFlags(`${String(settingShown(key, each.value))} from ${originShown(each.origin, each.line)}`),
        ),
        ...(origin.kind === 'file' ? { file: origin.file, key: origin.key, line: line ?? null } : {}),
        ...(origin.kind === 'env' ? { variable: origin.name } : {}),
        ...(origin.kind === 'argument' ? { flag: inFlags(originShown(origin, undefined)) } : {}),
      })),
    ...files.map(({ kind, path, state }) => ({ kind: 'file', name: `${kind}.yaml`, value: path, origin: state })),
  ]
}

function cloudOrigin(cloud: string | undefined, flag: string | undefined, variable: string | undefined): string {
  if (cloud === undefined) return 'no entry of clouds.yaml: flags or variables describe the cloud'
  if (flag !== undefined) return '--os-cloud'
  return variable ? 'OS_CLOUD' : 'the only entry'
}
