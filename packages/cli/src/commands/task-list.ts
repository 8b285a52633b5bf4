import { UsageError } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { option, withoutUndefined } from '../command/option.js'
import { list } from '../output/result.js'
import { findImage } from '../resources/find-image.js'
import { taskColumns, taskRecord, taskRow } from '../resources/task.js'

export const taskList = defineCommand({
  summary: 'List what the server does in the background',
  description:
    'Lists the tasks of an image, with their messages, newest first: imports, and hashes of locations. Without an image it\n' +
    'lists the tasks of all projects, for administrators. The server forgets a task 48 hours after its end.',
  examples: [
    { run: 'tyrax task list debian-13', does: 'how its imports went' },
    { run: 'tyrax task list --status failure', does: 'as an administrator: what failed' },
  ],
  args: { image: ['[image]', 'id, name, or the beginning of an id'] },
  options: {
    status: option.choice('--status <status>', 'only these', ['pending', 'processing', 'success', 'failure']),
    type: option.text('--type <type>', 'only of this type: import, api_image_import, location_import', [
      'import',
      'api_image_import',
      'location_import',
    ]),
    limit: option.integer('--limit <n>', 'at most that number', { min: 1 }),
    marker: option.text('--marker <id>', 'start after this task'),
  },
  prints: 'list',
  columns: taskRecord,
  check({ args }) {
    if (args.image === '') throw new UsageError('IMAGE is empty', { hint: 'give the id or name of an image' })
  },
  async run(context, { args, options }) {
    const { signal } = context
    const { status, limit, type, marker } = options
    const { images } = await context.connect()
    if (args.image === undefined) {
      const tasks = await images.tasks
        .all(withoutUndefined({ status, type, marker, signal }))
        .toArray(withoutUndefined({ atMost: limit }))
      return list(
        tasks.map(taskRow),
        taskColumns.filter((name) => name !== 'message'),
      )
    }
    const image = await findImage({ images }, args.image, signal)
    const tasks = await images.tasks.list(image, { signal })
    const start = marker === undefined ? 0 : tasks.findIndex(({ id }) => id === marker) + 1
    const matching = tasks
      .slice(start)
      .filter((task) => (status ?? task.status) === task.status && (type ?? task.type) === task.type)
      .slice(0, limit)
    return list(matching.map(taskRow), taskColumns)
  },
})
