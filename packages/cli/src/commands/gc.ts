import { defineCommand } from '../command/define-command.js'
import { option } from '../command/option.js'
import { forEach } from '../command/for-each.js'
import { imageColumns, imageRow, changedImageRecord } from '../resources/image.js'
import { list } from '../output/result.js'

export const gc = defineCommand({
  summary: 'Delete records that killed uploads left behind',
  description:
    'Finds records of this project that `tyrax create` made for data that never arrived completely: queued or saving,\n' +
    'with an id that marks them as such, and unchanged for a day. Lists them, and deletes them unless --dry-run.\n' +
    'Records made without data, with --id or with --keep-on-failure are never touched.',
  examples: [
    { run: 'tyrax gc --dry-run', does: 'what would be deleted' },
    { run: 'tyrax gc --older-than 2h', does: 'where no upload takes longer than that' },
  ],
  args: {},
  options: {
    olderThan: option.duration(
      '--older-than <time>',
      'unchanged for this long; choose more than any upload takes (default 1d)',
    ),
    dryRun: option.flag('--dry-run', 'only list them'),
  },
  columns: changedImageRecord,
  async run(context, { options }) {
    const { signal } = context
    const cloud = await context.connect()
    const { olderThan } = options
    const orphans = await cloud.images.findOrphans({
      signal,
      ...(olderThan === undefined ? {} : { olderThanMs: olderThan }),
    })
    if (!options.dryRun) {
      const ids = orphans.map(({ id }) => id)
      await forEach(context, ids, async (id) => {
        await cloud.images.delete(id, { signal })
        context.note(`deleted ${id}`)
      })
    }
    return list(orphans.map(imageRow), imageColumns)
  },
})
