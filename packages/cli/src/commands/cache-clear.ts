import { UsageError } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { option, withoutUndefined } from '../command/option.js'
import { noColumns } from '../output/columns.js'
import { nothing } from '../output/result.js'

export const cacheClear = defineCommand({
  summary: 'Empty the cache and its queue',
  examples: [
    { run: 'tyrax cache clear', does: 'both' },
    { run: 'tyrax cache clear --queue', does: 'the queue alone' },
  ],
  args: {},
  options: {
    cache: option.flag('--cache', 'only the copies'),
    queue: option.flag('--queue', 'only the queue'),
  },
  columns: noColumns,
  check({ options }) {
    if (options.cache && options.queue) throw new UsageError('Give --cache or --queue, or neither for both')
  },
  async run(context, { options }) {
    const cloud = await context.connect()
    const target = options.cache ? ('cache' as const) : options.queue ? ('queue' as const) : undefined
    await cloud.images.cache.clear(withoutUndefined({ target, signal: context.signal }))
    context.note(`cleared the ${target ?? 'cache and its queue'}`)
    return nothing
  },
})
