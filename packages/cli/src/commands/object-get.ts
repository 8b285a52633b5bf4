import path from 'node:path'
import { UsageError } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { option } from '../command/option.js'
import { splitObjectPath } from '../objects/object-path.js'
import { saveStream } from '../objects/save-stream.js'
import { item, nothing } from '../output/result.js'
import { refuseTerminal, writeBytes } from '../output/write-bytes.js'

export const objectGet = defineCommand({
  summary: 'Fetch an object',
  examples: [
    { run: 'tyrax object get imgs/u.vhd --output u.vhd', does: 'to a file' },
    { run: 'tyrax object get backups/today.tar --output - | tar x', does: 'into a pipe' },
  ],
  args: { object: ['<container/object>', 'what'] },
  options: { output: option.text('-o, --output <file|->', 'where to, or - for standard output (required)') },
  check({ options }) {
    if (!options.output) {
      throw new UsageError('tyrax object get needs --output', { hint: '--output FILE, or --output - for a pipe' })
    }
  },
  async run(context, { args, options }) {
    const { container, object } = splitObjectPath('object get', args.object)
    const output = options.output ?? ''
    if (output === '-') refuseTerminal(context)
    const cloud = await context.connect()
    const stored = await cloud.objects.get(container, object, { signal: context.signal })
    if (output === '-') {
      await writeBytes(context, stored.stream({ signal: context.signal }))
      return nothing
    }
    const to = path.resolve(context.cwd, output)
    const bytes = await saveStream(stored.stream({ signal: context.signal }), to, context.signal)
    return item({ container, name: object, path: to, bytes })
  },
})
