import { defineCommand } from '../command/define-command.js'
import { forEach } from '../command/for-each.js'
import { list } from '../output/result.js'

export const objectContainerCreate = defineCommand({
  summary: 'Create containers',
  description: 'Creates containers. Existing ones are left unchanged.',
  examples: [{ run: 'tyrax object container create images', does: 'a container for images' }],
  args: { containers: ['<containers...>', 'names of the containers'] },
  options: {},
  columns: { names: ['name'] },
  async run(context, { args }) {
    const cloud = await context.connect()
    await forEach(context, args.containers, async (name) => {
      await cloud.objects.createContainer(name, { signal: context.signal })
    })
    return list(
      args.containers.map((name) => ({ name })),
      ['name'],
    )
  },
})
