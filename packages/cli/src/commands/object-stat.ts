import { defineCommand } from '../command/define-command.js'
import { splitObjectPath } from '../objects/object-path.js'
import { objectRow } from '../objects/object-row.js'
import { item } from '../output/result.js'

export const objectStat = defineCommand({
  summary: 'Show what is known of an object',
  examples: [{ run: 'tyrax object stat imgs/u.vhd', does: 'size, hash, metadata' }],
  args: { object: ['<container/object>', 'what'] },
  options: {},
  async run(context, { args }) {
    const { container, object } = splitObjectPath('object stat', args.object)
    const cloud = await context.connect()
    const stored = await cloud.objects.stat(container, object, { signal: context.signal })
    return item({ container, ...objectRow(stored), metadata: stored.metadata })
  },
})
