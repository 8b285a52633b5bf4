import path from 'node:path'
import { inParallel } from '../bulk/in-parallel.js'
import { ownPaths } from '../cloud/paths.js'
import type { Context } from '../command/context.js'
import { defineCommand } from '../command/define-command.js'
import { option } from '../command/option.js'
import { PartialFailure } from '../errors.js'
import { downloadsLeft, tokensLeft } from '../gc/on-disk.js'
import { imagesLeft, segmentsLeft } from '../gc/on-server.js'
import type { Leftover } from '../gc/leftover.js'
import { list } from '../output/result.js'
import { imageRecord } from '../resources/image.js'

const columns = ['kind', 'id', 'name', 'status', 'size', 'updated_at', 'result'] as const
const dayMs = 24 * 60 * 60_000

export const gc = defineCommand({
  summary: 'Delete what killed uploads and downloads left behind',
  description:
    'Finds what has not changed for a day, lists it, and deletes it unless --dry-run:\n' +
    '- records of this project that `tyrax create` made for data that never arrived completely; records made without\n' +
    '  data, with --id or with --keep-on-failure are never touched\n' +
    '- segments in object storage that belong to no object\n' +
    '- unfinished downloads (`.part` files of tyrax) in the current folder, or in each --folder; not those that still run\n' +
    '- tokens of earlier commands that have expired',
  examples: [
    { run: 'tyrax gc --dry-run', does: 'what would be deleted' },
    { run: 'tyrax gc --older-than 2h', does: 'where no upload takes longer than that' },
    { run: 'tyrax gc --local', does: 'only files, without a cloud' },
  ],
  args: {},
  options: {
    olderThan: option.duration(
      '--older-than <time>',
      'unchanged for this long; choose more than any upload takes (default 1d)',
    ),
    folder: option.texts('--folder <path>', 'where to look for unfinished downloads; repeat for more (default: here)'),
    local: option.flag('--local', 'only files on this machine'),
    dryRun: option.flag('--dry-run', 'only list them'),
  },
  prints: 'list',
  columns: {
    names: [...columns, 'container', 'error', ...imageRecord.names.filter((name) => !isColumn(name))],
    properties: 'known',
    isWhole: false,
    types: { kind: ['string'], id: ['string', 'null'], container: ['string'], result: ['string'], error: ['string'] },
  },
  async run(context, { options }) {
    const { olderThan = dayMs, folder = ['.'], local = false, dryRun = false } = options
    const folders = folder.map((each) => path.resolve(context.cwd, each))
    const here = [
      ...(await Promise.all(folders.map((each) => downloadsLeft(each, olderThan)))).flat(),
      ...(await tokensLeft(ownPaths(context.env).cache, olderThan)),
    ]
    const there = local ? [] : await leftOnServer(context, olderThan)
    const found = [...there, ...here]
    const outcomes = await inParallel(found, atOnce, (leftover) => remove(context, leftover, dryRun))
    const rows = outcomes.map(({ row }) => row)
    const failures = outcomes.flatMap(({ failure }) => failure ?? [])
    const failure = failures.length > 0 ? new PartialFailure(found.length - failures.length, failures) : undefined
    return { ...list(rows, columns), ...(failure === undefined ? {} : { failure }) }
  },
})

const atOnce = 4

function isColumn(name: string): boolean {
  return (columns as readonly string[]).includes(name)
}

async function leftOnServer(context: Context, olderThan: number): Promise<Leftover[]> {
  const cloud = await context.connect()
  return [...(await imagesLeft(cloud, olderThan, context.signal)), ...(await segmentsLeft(context, cloud, olderThan))]
}

async function remove(context: Context, leftover: Leftover, dryRun: boolean) {
  const { label, row } = leftover
  if (dryRun) return { row: { ...row, result: 'planned' } }
  context.signal.throwIfAborted()
  try {
    await leftover.remove()
    context.note(`deleted ${label}`)
    return { row: { ...row, result: 'done' } }
  } catch (error) {
    context.signal.throwIfAborted()
    const message = error instanceof Error ? error.message : String(error)
    return { row: { ...row, result: 'failed', error: message }, failure: { what: label, message } }
  }
}
