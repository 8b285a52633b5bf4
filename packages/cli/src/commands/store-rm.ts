import { UsageError } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { forEach } from '../command/for-each.js'
import { option } from '../command/option.js'
import { noColumns } from '../output/columns.js'
import { nothing } from '../output/result.js'
import { findImage } from '../resources/find-image.js'
import { checkStores } from '../resources/store.js'

export const storeRm = defineCommand({
  summary: 'Delete the copy of an image in a store',
  description: "Deletes one of several copies of an image's data, for administrators. The last copy stays: `tyrax rm`.",
  examples: [{ run: 'tyrax store rm debian-13 --store archive', does: 'its other copies stay' }],
  args: { image: ['<image>', 'id, name, or the beginning of an id'] },
  options: { store: option.texts('--store <store>', 'the store; repeat for more (required)') },
  columns: noColumns,
  check({ options }) {
    if (options.store === undefined) throw new UsageError('tyrax store rm needs --store')
  },
  async run(context, { args, options }) {
    const { signal } = context
    const stores = options.store ?? []
    const cloud = await context.connect()
    const image = await findImage(cloud, args.image, signal)
    await checkStores(cloud, stores, signal)
    await forEach(context, stores, async (store) => {
      await cloud.images.stores.deleteFrom(image, store, { signal })
      context.note(`deleted the copy of ${image.id} in ${store}`)
    })
    return nothing
  },
})
