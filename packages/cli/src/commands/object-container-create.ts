import { defineCommand } from '../command/define-command.js'
import { option, withoutUndefined } from '../command/option.js'
import { forEach } from '../command/for-each.js'
import { list } from '../output/result.js'

export const objectContainerCreate = defineCommand({
  summary: 'Create containers',
  description: 'Creates containers. Existing ones are left unchanged.',
  examples: [{ run: 'tyrax object container create images', does: 'a container for images' }],
  args: { containers: ['<containers...>', 'names of the containers'] },
  options: {
    public: option.flag('--public', 'everyone may list it and read its objects'),
    storagePolicy: option.text('--storage-policy <name>', 'how the cloud stores its objects'),
  },
  prints: 'list',
  columns: { names: ['name'] },
  async run(context, { args, options }) {
    const cloud = await context.connect()
    await forEach(context, args.containers, async (name) => {
      await cloud.objects.createContainer(
        name,
        withoutUndefined({ isPublic: options.public, storagePolicy: options.storagePolicy, signal: context.signal }),
      )
    })
    return list(
      args.containers.map((name) => ({ name })),
      ['name'],
    )
  },
})
