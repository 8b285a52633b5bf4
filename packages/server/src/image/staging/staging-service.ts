import { StreamInspector } from '@tyrax/disk-image'
import type { Caller } from '../../context.js'
import { requireOwner } from '../access/policy.js'
import { asRefusal, orDiscard, requireDeclaredSize, type ReceivedBytes } from '../data/received-bytes.js'
import { conflict, imageNotFound, notFound } from '../errors.js'
import { requireTransition } from '../images/require-transition.js'
import type { ImageParts } from '../parts.js'
import { createStagingRepository } from './staging-repository.js'

/** The staging area, where bytes wait for a glance-direct import (glance/api/v2/image_data.py `stage`). */
export interface StagingService {
  /**
   * Keeps the bytes of a queued image, which becomes `uploading`. Nothing is checked about their format yet. On any
   * failure the image returns to `queued` and none of the bytes are kept.
   * @throws not-found if the cloud has no glance-direct; conflict unless queued; invalid for a size other than
   * declared; over-limit past the size cap or a quota
   */
  stage(caller: Caller, imageId: string, received: ReceivedBytes): Promise<void>
}

type StagingParts = Pick<ImageParts, 'images' | 'repository' | 'db' | 'blobs' | 'config' | 'usage' | 'clock'>

export function createStagingService(parts: StagingParts): StagingService {
  const { images, repository, db, blobs, config, usage, clock } = parts
  const staging = createStagingRepository(db)

  const store = async (imageId: string, { bytes, declaredSize }: ReceivedBytes) => {
    const inspector = new StreamInspector()
    const pending = await blobs.write(bytes, {
      hash: config.hashAlgorithm,
      limitBytes: config.quotas.imageSizeCapBytes,
      onChunk: (chunk) => inspector.write(chunk),
    })
    await orDiscard(pending, () => requireDeclaredSize(declaredSize, pending.sizeBytes))
    const staged = {
      blobKey: pending.key,
      size: pending.sizeBytes,
      md5: pending.md5,
      hashAlgorithm: config.hashAlgorithm,
      hash: pending.hash ?? '',
      inspection: inspector.finish(),
    }
    await pending.publish(() => {
      if (!staging.keep(imageId, staged, clock())) throw imageNotFound(imageId)
    })
  }

  return {
    async stage(caller, imageId, received) {
      if (!config.importMethods.includes('glance-direct')) {
        throw notFound(`'glance-direct' method is not available at this site.`)
      }
      usage.requireStageTotal(caller, received.declaredSize)
      const image = images.get(caller, imageId)
      requireOwner(caller, image, 'modify_image')
      requireTransition(image.status, 'uploading', conflict)
      if (!repository.move(imageId, 'queued', 'uploading', clock())) throw imageNotFound(imageId)
      try {
        usage.requireCountUploading(caller)
        await store(imageId, received)
      } catch (error) {
        if (!repository.move(imageId, 'uploading', 'queued', clock())) throw imageNotFound(imageId)
        throw asRefusal(error)
      }
    },
  }
}
