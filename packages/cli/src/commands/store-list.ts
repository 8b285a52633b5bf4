import { defineCommand } from '../command/define-command.js'
import { option } from '../command/option.js'
import { list } from '../output/result.js'
import { storeColumns, storeRecord, storeRow } from '../resources/store.js'

export const storeList = defineCommand({
  summary: 'List the stores of the cloud',
  description: 'Lists where the cloud keeps data. A cloud with a single store lists none: it has no name.',
  examples: [
    { run: 'tyrax store list', does: 'which there are, and which one is the default' },
    { run: 'tyrax store list --detail', does: 'for administrators: their kinds and settings, too' },
  ],
  args: {},
  options: { detail: option.flag('--detail', 'type, weight and settings (administrators)') },
  prints: 'list',
  columns: storeRecord,
  async run(context, { options }) {
    const { signal } = context
    const { stores } = (await context.connect()).images
    if (!options.detail) return list((await stores.list({ signal })).map(storeRow), storeColumns)
    return list((await stores.detail({ signal })).map(storeRow), [...storeColumns, 'type', 'weight'])
  },
})
