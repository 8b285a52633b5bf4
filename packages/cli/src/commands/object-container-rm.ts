import { type Cloud, isNotFound } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { option } from '../command/option.js'
import { forEach } from '../command/for-each.js'
import { nothing } from '../output/result.js'
import { noColumns } from '../output/columns.js'

export const objectContainerRm = defineCommand({
  summary: 'Delete containers',
  examples: [
    { run: 'tyrax object container rm images', does: 'it must be empty' },
    { run: 'tyrax object container rm images --recursive', does: 'with everything in it' },
  ],
  args: { containers: ['<containers...>', 'names of the containers'] },
  options: {
    ifExists: option.flag('--if-exists', 'ignore containers that do not exist'),
    recursive: option.flag('-r, --recursive', 'delete its objects first'),
  },
  columns: noColumns,
  async run(context, { args, options }) {
    const { signal } = context
    const cloud = await context.connect()
    await forEach(context, args.containers, async (name) => {
      try {
        if (options.recursive) await empty(cloud, name, signal)
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

async function empty({ objects }: Cloud, container: string, signal: AbortSignal): Promise<void> {
  for await (const object of objects.list(container, { signal })) {
    if (object.kind === 'object') await objects.delete(container, object.name, { signal })
  }
}
