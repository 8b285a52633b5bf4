import { type Cloud, NotConfiguredError } from '@tyrax/sdk'
import { explainConfig } from '@tyrax/sdk/internal'
import { configContext } from '../cloud/connect-options.js'
import type { Context } from '../command/context.js'
import { defineCommand } from '../command/define-command.js'
import { option } from '../command/option.js'
import { examine, failed, type Finding, ok, skipped } from '../doctor/check.js'
import { checkCloud } from '../doctor/cloud.js'
import { checkHere } from '../doctor/here.js'
import { checkSpeed } from '../doctor/speed.js'
import { exitCodes } from '../failure/exit-codes.js'
import { item, list, type Result } from '../output/result.js'
import { version } from '../version.js'

const columns = ['check', 'status', 'detail', 'hint'] as const
/** Of the report in JSON and YAML. A new check does not change it; a field with another meaning does. */
const reportVersion = 1

export const doctor = defineCommand({
  summary: 'Check the configuration, the network and the cloud',
  description:
    'Checks one thing after the other, and says for each what to do: configuration, proxy, certificates, sign-in, token,\n' +
    'endpoints, clocks, versions, import methods, stores, quotas, ranges. What fails does not stop the others. The report\n' +
    'contains host names, but no secrets. The exit code is 1 if a check failed.',
  examples: [
    { run: 'tyrax --os-cloud mycloud doctor', does: 'what is wrong?' },
    { run: 'tyrax doctor --speed 256M', does: 'also upload, download and delete that much data' },
    { run: 'tyrax doctor -f json > report.json', does: 'a report for programs' },
  ],
  args: {},
  options: {
    speed: option.size('--speed <size>', 'measure transfers with an image of this size, which is deleted again'),
  },
  columns: {
    names: [...columns, 'version', 'tyrax', 'cloud', 'ok', 'checks'],
    types: {
      check: ['string'],
      detail: ['string'],
      hint: ['string', 'null'],
      version: ['integer'],
      tyrax: ['string'],
      cloud: ['string', 'null'],
      checks: ['array'],
    },
  },
  async run(context, { options }) {
    const { signal, globals, env } = context
    const isNamed = (globals.osCloud ?? env['OS_CLOUD']) === 'embedded'
    const asked = isNamed ? undefined : await explainConfig(await context.connectOptions(), configContext(context))
    const isEmbedded = isNamed || (asked?.error instanceof NotConfiguredError && context.surroundings.stderr.isTTY)
    const explained = isEmbedded ? undefined : asked
    const findings = await checkHere(context, explained)
    const { cloud, finding } = await signIn(context)
    findings.push(finding)
    if (cloud) {
      findings.push(...(await checkCloud(context, cloud)))
      const { speed } = options
      if (speed !== undefined)
        findings.push(...(await examine('speed', signal, () => checkSpeed(cloud, speed, signal))))
    } else findings.push({ check: 'cloud', ...skipped('nothing else can be checked without signing in') })
    return reportOf(context, explained?.config?.cloud ?? (isEmbedded ? 'embedded' : undefined), findings)
  },
})

async function signIn(context: Context): Promise<{ readonly cloud?: Cloud; readonly finding: Finding }> {
  try {
    const cloud = await context.connect()
    return { cloud, finding: { check: 'sign-in', ...ok('signed in') } }
  } catch (error) {
    context.signal.throwIfAborted()
    return { finding: failed('sign-in', error) }
  }
}

function reportOf({ globals }: Context, cloud: string | undefined, findings: readonly Finding[]): Result {
  const isOk = findings.every(({ status }) => status !== 'fail')
  const exitCode = isOk ? exitCodes.ok : exitCodes.failure
  const rows = findings.map(({ check, status, detail, hint }) => ({ check, status, detail, hint: hint ?? null }))
  const isReport = (globals.format === 'json' || globals.format === 'yaml') && (globals.column ?? []).length === 0
  if (!isReport) return { ...list(rows, columns), exitCode }
  return { ...item({ version: reportVersion, tyrax: version, cloud: cloud ?? null, ok: isOk, checks: rows }), exitCode }
}
