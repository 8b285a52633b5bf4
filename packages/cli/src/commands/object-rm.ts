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
    'Deletes objects, static large ones with their segments. Of a dynamic large object only the manifest goes: it is made\n' +
    'of whatever has names that begin alike, and --no-keep-segments deletes all of that too.',
  examples: [{ run: 'tyrax object rm images/u.vhd images/v.vhd', does: 'two objects' }],
  args: { objects: ['<container/object...>', 'what'] },
  options: {
    ifExists: option.flag('--if-exists', 'what is not there is no failure'),
    keepSegments: option.toggle('--keep-segments', 'leave the segments of large objects'),
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
