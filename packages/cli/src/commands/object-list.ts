import { defineCommand } from '../command/define-command.js'
import { option, withoutUndefined } from '../command/option.js'
import { objectColumns, objectRow, objectRecord } from '../resources/object.js'
import { list, type Row } from '../output/result.js'

export const objectList = defineCommand({
  summary: 'List containers, or the objects of one',
  examples: [
    { run: 'tyrax object list', does: 'containers' },
    { run: 'tyrax object list imgs --prefix debian/', does: 'objects' },
  ],
  args: { container: ['[container]', 'list its objects; without it, the containers'] },
  options: {
    prefix: option.text('--prefix <text>', 'only names that begin with this'),
    delimiter: option.text('--delimiter <character>', 'group names up to this character, like folders'),
    limit: option.integer('--limit <n>', 'at most this many'),
    marker: option.text('--marker <name>', 'start after this name'),
    endMarker: option.text('--end-marker <name>', 'end before this name'),
  },
  prints: 'list',
  columns: { names: [...objectRecord.names, 'objects'] },
  async run(context, { args, options }) {
    const { limit = Number.POSITIVE_INFINITY, prefix, delimiter, marker, endMarker } = options
    const query = withoutUndefined({ prefix, marker, endMarker, signal: context.signal })
    const rows: Row[] = []
    const columns = args.container === undefined ? (['name', 'objects', 'bytes'] as const) : objectColumns
    if (limit === 0) return list(rows, columns)
    const cloud = await context.connect()
    if (args.container === undefined) {
      for (const container of await cloud.objects.listContainers(query).toArray({ atMost: limit })) {
        const { name, objects, bytes } = container
        rows.push({ name, objects, bytes })
      }
    } else {
      const found = cloud.objects.list(args.container, { ...query, ...withoutUndefined({ delimiter }) })
      for (const object of await found.toArray({ atMost: limit })) {
        rows.push(object.kind === 'folder' ? { name: object.folder, bytes: null } : objectRow(object))
      }
    }
    return list(rows, columns)
  },
})
