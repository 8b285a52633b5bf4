import { isNotFound } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { option } from '../command/option.js'
import { forEach } from '../command/for-each.js'
import { nothing } from '../output/result.js'
import { noColumns } from '../output/columns.js'

export const objectContainerRm = defineCommand({
  summary: 'Delete empty containers',
  examples: [{ run: 'tyrax object container rm images', does: 'its objects must be gone' }],
  args: { containers: ['<containers...>', 'names of the containers'] },
  options: { ifExists: option.flag('--if-exists', 'one that is not there is no failure') },
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
        context.note(`${name} is not there`)
      }
    })
    return nothing
  },
})
