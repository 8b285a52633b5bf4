import { isForbidden, NoMatchError } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { option } from '../command/option.js'
import { item } from '../output/result.js'
import { findImage } from '../resources/find-image.js'
import { oneOf } from '../resources/one-of.js'
import { taskRecord, taskRow } from '../resources/task.js'

export const taskShow = defineCommand({
  summary: 'Show a task',
  description: 'Shows a task, for administrators; with --image also for everyone who sees the image.',
  examples: [
    { run: 'tyrax task show 3f0c…', does: 'as an administrator' },
    { run: 'tyrax task show 3f0c… --image debian-13', does: 'one of the tasks of an image' },
  ],
  args: { task: ['<task>', 'id of the task; with --image also its beginning'] },
  options: { image: option.text('--image <image>', 'id or name of the image that it works on') },
  columns: taskRecord,
  async run(context, { args, options }) {
    const { signal } = context
    const { images } = await context.connect()
    if (options.image === undefined) {
      const task = await images.tasks.get(args.task, { signal }).catch((error: unknown) => {
        if (isForbidden(error)) error.hint = 'only administrators see tasks by their id; name the image with --image'
        throw error
      })
      return item(taskRow(task))
    }
    const image = await findImage({ images }, options.image, signal)
    const task = oneOf(await images.tasks.list(image, { signal }), args.task, ({ id }) => id)
    if (task) return item(taskRow(task))
    throw new NoMatchError(`the image ${image.id} has no task ${args.task}`, {
      hint: `tyrax task list ${image.id}`,
    })
  },
})
