import { defaultStore } from '../../../config/cloud-config.js'
import { readStored } from '../../data/read-stored.js'
import { conflict, notAuthorized } from '../../errors.js'
import type { CreateMethod } from './import-method.js'

/** Copies the data of an active image into further stores (glance/async_/flows/_internal_plugins/copy_image.py). */
export const copyImage: CreateMethod = ({ blobs, config, locations }) => ({
  name: 'copy-image',
  addsCopies: true,
  requireStatus({ status }) {
    if (status !== 'active') throw conflict('Only images with status active can be targeted for copying')
  },
  requireRight(caller) {
    if (!caller.isAdmin) throw notAuthorized('copy_image')
  },
  async open({ image, signal }) {
    const preferred = defaultStore(config.stores)?.id
    const location = image.locations.find(({ store }) => store === preferred) ?? image.locations[0]
    if (location === undefined) throw new Error('Image not found in any configured store')
    const source = { size: image.size, locations: [location] }
    return {
      kind: 'copy',
      read() {
        const bytes = readStored({ blobs, locations }, source, undefined, { signal })
        if (bytes === undefined) throw new Error('Image not found in any configured store')
        return bytes
      },
    }
  },
})
