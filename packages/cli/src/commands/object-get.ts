import path from 'node:path'
import { UsageError } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { option } from '../command/option.js'
import { warnDamaged } from '../transfer/notes.js'
import { splitObjectPath } from '../resources/object.js'
import { item, nothing } from '../output/result.js'
import { refuseTerminal, writeBytes } from '../transfer/to-stdout.js'

export const objectGet = defineCommand({
  summary: 'Download an object, verified',
  description:
    'Downloads an object of any size. A file gets its name only after its hash was compared; until then it is\n' +
    'FILE.part, and the next run resumes from it. A large object is compared segment by segment; the\n' +
    'verdict is `unverifiable` if the server publishes no hash: then only the size was compared.',
  examples: [
    { run: 'tyrax object get imgs/u.vhd --output u.vhd', does: 'to a file' },
    { run: 'tyrax object get backups/today.tar --output - | tar x', does: 'into a pipe' },
  ],
  args: { object: ['<container/object>', 'the object'] },
  options: {
    output: option.text('-o, --output <file|->', 'the file to write, or - for standard output (required)'),
    resume: option.toggle(
      '--resume',
      'resume from FILE.part of an earlier run, and keep it for the next one (default)',
    ),
    force: option.flag('--force', 'replace an existing file'),
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
    const display = await context.progress(object)
    const transfer = { signal, onProgress: display.report }
    if (output === '-') {
      const { stream } = await cloud.objects.download(container, object, transfer)
      await writeBytes(context, stream)
      display.done()
      return nothing
    }
    const {
      path: file,
      bytes,
      verdict,
    } = await cloud.objects.download(container, object, {
      ...transfer,
      to: path.resolve(context.cwd, output),
      overwrite: options.force ?? false,
      resume: options.resume,
      onDamaged: warnDamaged(context),
    })
    display.done()
    return item({ container, name: object, path: file, bytes, verdict })
  },
})
