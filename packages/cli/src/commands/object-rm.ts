import { isNotFound } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { option } from '../command/option.js'
import { forEach } from '../command/for-each.js'
import { splitObjectPath } from '../resources/object.js'
import { nothing } from '../output/result.js'
import { noColumns } from '../output/columns.js'

export const objectRm = defineCommand({
  summary: 'Delete objects',
  description:
    'Deletes objects, static large ones with their segments. Of a dynamic large object only the manifest is deleted: its\n' +
    'segments are all objects whose names begin with its prefix, and --no-keep-segments deletes those as well.',
  examples: [{ run: 'tyrax object rm images/u.vhd images/v.vhd', does: 'two objects' }],
  args: { objects: ['<container/object...>', 'the objects'] },
  options: {
    ifExists: option.flag('--if-exists', 'ignore objects that do not exist'),
    keepSegments: option.toggle('--keep-segments', 'keep the segments of large objects'),
  },
  columns: noColumns,
  async run(context, { args, options }) {
    const { signal } = context
    const targets = new Map(args.objects.map((text) => [text, splitObjectPath('object rm', text)]))
    const cloud = await context.connect()
    await forEach(context, [...targets.keys()], async (text) => {
      const { container, object } = targets.get(text) ?? splitObjectPath('object rm', text)
      try {
        await cloud.objects.delete(container, object, { signal, keepSegments: options.keepSegments })
        context.note(`deleted ${text}`)
      } catch (error) {
        if (!options.ifExists || !isNotFound(error)) throw error
        context.note(`${text} is not there`)
      }
    })
    return nothing
  },
})
