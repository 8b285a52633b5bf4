import { UsageError } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { option, withoutUndefined } from '../command/option.js'
import { list } from '../output/result.js'
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
  args: { image: ['[image]', 'id or name'] },
  options: {
    status: option.choice('--status <status>', 'only these', ['pending', 'processing', 'success', 'failure']),
    limit: option.integer('--limit <n>', 'at most that number', { min: 1 }),
  },
  columns: taskRecord,
  check({ args }) {
    if (args.image === '') throw new UsageError('IMAGE is empty', { hint: 'give the id or name of an image' })
  },
  async run(context, { args, options }) {
    const { signal } = context
    const { status, limit } = options
    const { images } = await context.connect()
    if (args.image === undefined) {
      const tasks = await images.tasks
        .all(withoutUndefined({ status, signal }))
        .toArray(withoutUndefined({ atMost: limit }))
      return list(
        tasks.map(taskRow),
        taskColumns.filter((name) => name !== 'message'),
      )
    }
    const image = await images.find(args.image, { signal })
    const tasks = await images.tasks.list(image, { signal })
    const matching = tasks.filter((task) => status === undefined || task.status === status).slice(0, limit)
    return list(matching.map(taskRow), taskColumns)
  },
})
