import { defineCommand } from '../command/define-command.js'
import { option, withoutUndefined } from '../command/option.js'
import { forEach } from '../command/for-each.js'
import { list } from '../output/result.js'
import { wireTime } from '../output/cells.js'

export const objectGc = defineCommand({
  summary: 'Delete segments that killed uploads left behind',
  description:
    'Finds segments in CONTAINER_segments that belong to no object of CONTAINER, left by uploads that have not added\n' +
    'anything for a day. Lists them, and deletes them unless --dry-run. Putting the same file again would use them\n' +
    'instead.',
  examples: [
    { run: 'tyrax object gc imgs --dry-run', does: 'what would be deleted' },
    { run: 'tyrax object gc imgs --older-than 2h', does: 'where no segment takes longer than that' },
  ],
  args: { container: ['<container>', 'container of the objects'] },
  options: {
    olderThan: option.duration('--older-than <time>', 'nothing added for this long (default 1d)'),
    segmentContainer: option.text(
      '--segment-container <name>',
      'container of the segments (default: CONTAINER_segments)',
    ),
    dryRun: option.flag('--dry-run', 'only list them'),
  },
  prints: 'list',
  columns: { names: ['object', 'container', 'name', 'bytes', 'last_modified'] },
  async run(context, { args, options }) {
    const { signal } = context
    const cloud = await context.connect()
    const { olderThan: olderThanMs, segmentContainer } = options
    const given = withoutUndefined({ olderThanMs, segmentContainer, signal })
    const found = await cloud.objects.findOrphanSegments(args.container, given)
    if (!options.dryRun) {
      const byName = new Map(found.map((segment) => [`${segment.container}/${segment.name}`, segment]))
      await forEach(context, [...byName.keys()], async (key) => {
        const { container = '', name = '' } = byName.get(key) ?? {}
        await cloud.objects.delete(container, name, { signal })
        context.note(`deleted ${key}`)
      })
    }
    const rows = found.map(({ container, name, bytes, lastModified, object }) => ({
      container,
      name,
      bytes,
      last_modified: wireTime(lastModified),
      object,
    }))
    return list(rows, ['object', 'container', 'name', 'bytes', 'last_modified'])
  },
})
