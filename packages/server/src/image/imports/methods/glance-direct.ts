import { requireOwner } from '../../access/policy.js'
import { conflict } from '../../errors.js'
import { createStagingRepository } from '../../staging/staging-repository.js'
import type { CreateMethod } from './import-method.js'

/** Imports the bytes that were staged before. */
export const glanceDirect: CreateMethod = ({ db }) => {
  const staging = createStagingRepository(db)
  const notStaged = () => conflict(`Image needs to be staged before 'glance-direct' method can be used`)
  return {
    name: 'glance-direct',
    usesStaged: true,
    requireStatus(image) {
      // While the bytes are still arriving, the image is `uploading` too.
      if (image.status !== 'uploading' || staging.find(image.id) === undefined) throw notStaged()
    },
    requireRight: (caller, image) => requireOwner(caller, image, 'modify_image'),
    async open({ image }) {
      const staged = staging.find(image.id)
      if (staged === undefined) throw notStaged()
      return { kind: 'staged', staged }
    },
  }
}
