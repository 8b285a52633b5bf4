import { AbortError, TyraxError, UsageError } from '@tyrax/sdk'
import { addHint, sayWhatIsLeft, wasCutShort } from '@tyrax/sdk/internal'
import { visibilities } from '@tyrax/protocol'
import { cloudsByName } from '../cloud/named-clouds.js'
import type { Context } from '../command/context.js'
import { defineCommand } from '../command/define-command.js'
import { option } from '../command/option.js'
import { exitCodes, outcomeOf } from '../failure/exit-codes.js'
import { parseReference, type Reference } from '../input/references.js'
import type { Result, Row } from '../output/result.js'
import { autoDiskFormats, diskFormatHelp } from '../resources/image-options.js'
import { copyColumns, type CopyFlags, type CopyJob, copyRow } from '../transfer/copy/copy-job.js'
import { copyFromData, copyFromObject } from '../transfer/copy/copy-data.js'
import { copyFromImage } from '../transfer/copy/copy-image.js'
import { sourceOptions, transferOptions } from '../transfer/options.js'
import { ownProgress } from '../transfer/own-progress.js'

export const copy = defineCommand({
  summary: 'Copy images, objects and files between clouds',
  description:
    'Copies an image, an object, a file or an address to an image, an object or a file, here or in another cloud. The data\n' +
    'is streamed and compared with the hashes of both ends; an image keeps its properties, tags and protection. Where the\n' +
    'same bytes are there already, nothing is sent. With several sources, the destination ends in : or /, and one that\n' +
    'fails does not stop the others (exit code 9).\n' +
    'References: NAME or id:UUID (an image), CLOUD:NAME (of another cloud), swift:CONTAINER/OBJECT,\n' +
    'CLOUD:swift:CONTAINER/OBJECT, file:PATH, https://…, and - for standard input or output.',
  examples: [
    { run: 'tyrax copy staging:debian-13 production:', does: 'an image to another cloud, under the same name' },
    { run: 'tyrax copy staging:debian-13 staging:fedora-42 production: --concurrency 2', does: 'several at once' },
    { run: 'tyrax copy debian-13 swift:backups/', does: 'an image into object storage' },
    { run: 'tyrax copy file:debian.qcow2 production:debian-13', does: 'a file to an image' },
    { run: 'tyrax copy debian-13 --store archive', does: 'to another store of this cloud, by the server' },
  ],
  args: { references: ['<references...>', 'the sources, and then the destination'] },
  options: {
    dryRun: option.flag('--dry-run', 'print what would be done, and change nothing'),
    via: option.choice('--via <way>', 'auto (the default): by the server where that is possible; client, server', [
      'auto',
      'client',
      'server',
    ]),
    store: option.texts('--store <store>', 'store for the data; without a destination: stores to copy the image to'),
    reuse: option.flag('--reuse', 'take an image with the same bytes under any name, instead of copying'),
    replace: option.choice('--replace <how>', 'when there is an image of this name: what becomes of it then', [
      'hide',
      'rename',
      'deactivate',
      'delete',
    ]),
    allowDuplicate: option.flag('--allow-duplicate', 'copy even if there is an image of this name'),
    visibility: option.choice('--visibility <who>', 'of the copy (default: private); same: like the original', [
      ...visibilities,
      'same',
    ]),
    property: option.pairs('--property <key=value>', 'custom property of the copy; repeat for more'),
    tag: option.texts('--tag <tag>', "tag of the copy, instead of the original's; repeat for more"),
    protected: option.toggle('--protected', 'prevent deletion of the copy (default: like the original)'),
    diskFormat: option.text('--disk-format <format>', `auto, or ${diskFormatHelp}`, autoDiskFormats),
    id: option.text('--id <uuid>', 'id of the copy (default: a new one)'),
    concurrency: option.integer('--concurrency <n>', 'how many to copy at once (default: 2)', { min: 1, max: 16 }),
    ...transferOptions,
    ...sourceOptions,
    force: option.flag('--force', 'replace an existing file or object, and send data that would be refused'),
  },
  prints: 'either',
  columns: { names: copyColumns },
  check({ args, options }) {
    const { sources, destination } = endsOf(args.references, options)
    if (sources.length > 1 && options.id !== undefined) throw new UsageError('--id is for one copy, not for several')
    const streams = sources.filter(({ kind }) => kind === 'stream')
    if (streams.length > 1) throw new UsageError('standard input can be copied once')
    if (options.size !== undefined && streams.length === 0) {
      throw new UsageError('--size is only for standard input', { hint: 'give - as the source' })
    }
    if (sources.length > 1 && !takesSeveral(destination)) {
      throw new UsageError(`${destination.text} is one place, and there are ${sources.length} sources`, {
        hint: 'end the destination in : (CLOUD:) or / (swift:CONTAINER/, file:FOLDER/)',
      })
    }
  },
  async run(context, { args, options }) {
    const { sources, destination } = endsOf(args.references, options)
    const clouds = cloudsByName(context)
    const jobs = sources.map((from): CopyJob => ({ context, clouds, from, to: destination ?? from, flags: options }))
    const [only] = jobs
    if (only && jobs.length === 1) {
      const row = await copyOne(only)
      return row ? { kind: 'item', row, ...leftover([row]) } : { kind: 'nothing' }
    }
    return copyAll(context, jobs, options.concurrency ?? 2)
  },
})

interface Ends {
  readonly sources: readonly Reference[]
  readonly destination: Reference
}

/** With `--store`, one reference is enough: the image itself goes to further stores. */
function endsOf(references: readonly string[], { store }: CopyFlags): Ends {
  const last = references.at(-1) ?? ''
  if (references.length === 1 && store !== undefined) {
    const source = parseReference(last, 'source')
    if (source.kind === 'image') return { sources: [source], destination: { ...source, image: '' } }
  }
  if (references.length < 2) {
    throw new UsageError('tyrax copy needs a source and a destination', {
      hint: 'for example: tyrax copy staging:debian-13 production:',
    })
  }
  const sources = references.slice(0, -1).map((text) => parseReference(text, 'source'))
  return { sources, destination: parseReference(last, 'destination') }
}

function takesSeveral(to: Reference): boolean {
  if (to.kind === 'image') return to.image === ''
  if (to.kind === 'object') return to.object === '' || to.object.endsWith('/')
  return to.kind === 'file' && /[/\\]$/.test(to.path)
}

async function copyOne(job: CopyJob): Promise<Row | undefined> {
  const { from } = job
  if (from.kind === 'image') return copyFromImage({ ...job, from })
  return from.kind === 'object' ? copyFromObject({ ...job, from }) : copyFromData({ ...job, from })
}

/** Copies several, that number at once. One that fails does not stop the others. */
async function copyAll(context: Context, jobs: readonly CopyJob[], atOnce: number): Promise<Result> {
  const rows: Row[] = []
  const errors: unknown[] = []
  const waiting = [...jobs.entries()]
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next && !context.signal.aborted; next = waiting.shift()) {
      const [index, job] = next
      const own = ownProgress(context, jobs.length)
      try {
        rows[index] = (await copyOne({ ...job, context: own.context })) ?? copyRow(job, 'copied', {})
      } catch (error) {
        own.stop()
        const message = error instanceof Error ? error.message : String(error)
        errors.push(error)
        rows[index] = copyRow(job, 'failed', { error: { code: outcomeOf(error), message } })
        if (!context.signal.aborted) context.warn(`${job.from.text}: ${message}`)
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  if (context.signal.aborted) {
    const copied = rows.filter(({ outcome }) => outcome !== 'failed').length
    throw stoppedCopies(errors, { copied, of: jobs.length, again: jobs[0]?.flags.allowDuplicate === true })
  }
  const columns = ['source', 'outcome', 'id', 'name', 'bytes', 'via', 'verdict']
  const partial = errors.length > 0 && errors.length < jobs.length ? { exitCode: exitCodes.partial } : {}
  const allFailed = errors.length === jobs.length ? { exitCode: exitCodes[outcomeOf(errors[0])] } : {}
  return { kind: 'list', rows, columns, ...leftover(rows), ...partial, ...allFailed }
}

/** One error for copies that were stopped: what is left of each, how many are complete, and what becomes of those. */
function stoppedCopies(
  errors: readonly unknown[],
  { copied, of, again }: { readonly copied: number; readonly of: number; readonly again: boolean },
): TyraxError {
  const stopped = errors.filter((error): error is TyraxError => error instanceof TyraxError && wasCutShort(error))
  const [first = new AbortError('the copies were stopped'), ...others] = stopped.toSorted(
    (one, other) => Number(other.leftBehind !== undefined) - Number(one.leftBehind !== undefined),
  )
  for (const { hint, leftBehind } of others) {
    if (leftBehind) addHint(first, `the image ${leftBehind.imageId} is left as well: delete it`)
    else if (hint !== undefined) addHint(first, hint)
  }
  const then = again ? 'leave them out next time, or they are copied again' : 'the same command goes on with the others'
  sayWhatIsLeft(first, `${copied} of ${of} were copied: ${then}`)
  return first
}

/** A replaced image that could not be taken out of the way is a partial success. */
function leftover(rows: readonly Row[]): { readonly exitCode?: number } {
  const isLeft = rows.some(({ replaced }) => Array.isArray(replaced) && replaced.some(isKept))
  return isLeft ? { exitCode: exitCodes.partial } : {}
}

function isKept(replaced: unknown): boolean {
  return typeof replaced === 'object' && replaced !== null && 'outcome' in replaced && replaced.outcome === 'kept'
}
