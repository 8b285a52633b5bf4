import { isNotFound } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { option } from '../command/option.js'
import { forEach } from '../command/for-each.js'
import { nothing } from '../output/result.js'
import { noColumns } from '../output/columns.js'

export const objectContainerRm = defineCommand({
  summary: 'Delete empty containers',
  examples: [{ run: 'tyrax object container rm images', does: 'it must be empty' }],
  args: { containers: ['<containers...>', 'names of the containers'] },
  options: { ifExists: option.flag('--if-exists', 'ignore containers that do not exist') },
  columns: noColumns,
  async run(context, { args, options }) {
    const { signal } = context
    const cloud = await context.connect()
    await forEach(context, args.containers, async (name) => {
      try {
        await cloud.objects.deleteContainer(name, { signal })
        context.note(`deleted ${name}`)
      } catch (error) {
        if (!options.ifExists || !isNotFound(error)) throw error
        context.note(`${name} does not exist`)
      }
    })
    return nothing
  },
})
