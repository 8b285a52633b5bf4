import path from 'node:path'
import { UsageError } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { option } from '../command/option.js'
import { warnDamaged } from '../images/note-verdict.js'
import { compared, countDownload, fetchObject } from '../objects/fetch-object.js'
import { splitObjectPath } from '../objects/object-path.js'
import { piecesOf } from '../objects/piece-hashes.js'
import { item, nothing } from '../output/result.js'
import { refuseTerminal, writeBytes } from '../output/write-bytes.js'

export const objectGet = defineCommand({
  summary: 'Fetch an object, verified',
  description:
    'Fetches an object, large ones too. A file gets its name only after its hash was compared; until then it is\n' +
    'FILE.part, and what breaks off goes on with the next run. A large object is compared segment by segment; the\n' +
    'verdict is `unverifiable` where the server tells nothing to compare with, and the size alone was right.',
  examples: [
    { run: 'tyrax object get imgs/u.vhd --output u.vhd', does: 'to a file' },
    { run: 'tyrax object get backups/today.tar --output - | tar x', does: 'into a pipe' },
  ],
  args: { object: ['<container/object>', 'what'] },
  options: {
    output: option.text('-o, --output <file|->', 'where to, or - for standard output (required)'),
    resume: option.toggle('--resume', 'go on with what an earlier run left, and leave it for the next (default)'),
    force: option.flag('--force', 'replace a file that is already there'),
  },
  columns: { names: ['container', 'name', 'path', 'bytes', 'verdict'] },
  check({ options }) {
    if (!options.output) {
      throw new UsageError('tyrax object get needs --output', { hint: '--output FILE, or --output - for a pipe' })
    }
  },
  async run(context, { args, options }) {
    const { signal } = context
    const { container, object } = splitObjectPath('object get', args.object)
    const output = options.output ?? ''
    if (output === '-') refuseTerminal(context)
    const cloud = await context.connect()
    const stored = await cloud.objects.get(container, object, { signal })
    const pieces = await piecesOf(cloud, stored, signal)
    const display = context.progress(object)
    const count = countDownload(stored.bytes, display.report.bind(display))
    const onDamaged = warnDamaged(context)
    const onBytes = count.add.bind(count)
    if (output === '-') {
      await writeBytes(context, compared(stored, pieces, { signal, onBytes }))
      display.done()
      return nothing
    }
    const to = path.resolve(context.cwd, output)
    const resume = options.resume ?? true
    const {
      path: file,
      bytes,
      verdict,
    } = await fetchObject(stored, to, {
      pieces,
      resume,
      overwrite: options.force ?? false,
      signal,
      onBytes,
      onDamaged(error) {
        count.restart()
        onDamaged(error)
      },
    })
    display.done()
    return item({ container, name: object, path: file, bytes, verdict })
  },
})
