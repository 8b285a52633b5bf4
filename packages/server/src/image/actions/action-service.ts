import type { Caller } from '../../context.js'
import { requireOwner } from '../access/policy.js'
import { forbidden } from '../errors.js'
import type { ImageParts } from '../parts.js'

/** The actions on an image, with the statuses that they lead from and to. */
export const imageActions = {
  deactivate: { from: 'active', to: 'deactivated' },
  reactivate: { from: 'deactivated', to: 'active' },
} as const
export type ImageAction = keyof typeof imageActions

/** Blocks and unblocks the bytes of an image (glance/api/v2/image_actions.py). */
export interface ActionService {
  /** Repeating an action changes nothing. @throws forbidden if the image is in neither of the action's statuses */
  run(caller: Caller, imageId: string, action: ImageAction): void
}

type ActionServiceParts = Pick<ImageParts, 'images' | 'repository' | 'clock'>

export function createActionService({ images, repository, clock }: ActionServiceParts): ActionService {
  return {
    run(caller, imageId, action) {
      const image = images.get(caller, imageId)
      requireOwner(caller, image, action)
      const { from, to } = imageActions[action]
      if (image.status === to) return
      if (image.status !== from) throw forbidden(`Not allowed to ${action} image in status '${image.status}'`)
      repository.move(imageId, from, to, clock())
    },
  }
}
