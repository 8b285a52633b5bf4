import { defineCommand } from '../command/define-command.js'
import { list } from '../output/result.js'

export const importMethods = defineCommand({
  summary: 'List the import methods of the cloud',
  examples: [{ run: 'tyrax import-methods -f value', does: 'their names, for --method of tyrax import' }],
  args: {},
  options: {},
  prints: 'list',
  columns: { names: ['name'] },
  async run(context) {
    const cloud = await context.connect()
    const names = await cloud.images.importMethods({ signal: context.signal })
    if (names.length === 0) context.note('this cloud offers no import')
    return list(
      names.map((name) => ({ name })),
      ['name'],
    )
  },
})
