import { isForbidden } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { item } from '../output/result.js'
import { storeRecord, storeRow, unknownStore } from '../resources/store.js'

export const storeShow = defineCommand({
  summary: 'Show a store',
  description: 'Shows a store. Administrators see its kind and settings, too.',
  examples: [{ run: 'tyrax store show fast', does: 'what it is' }],
  args: { store: ['<store>', 'id of the store'] },
  options: {},
  columns: storeRecord,
  async run(context, { args }) {
    const { signal } = context
    const { stores } = (await context.connect()).images
    const all = await stores.detail({ signal }).catch((error: unknown) => {
      if (isForbidden(error)) return stores.list({ signal })
      throw error
    })
    const store = all.find(({ id }) => id === args.store)
    if (store) return item(storeRow(store))
    const ids = all.map(({ id }) => id)
    throw unknownStore(args.store, ids)
  },
})
