import type { Inspection } from '@tyrax/disk-image'
import type { HashAlgorithm } from '../../blobs/hash-algorithms.js'
import { inTransaction, type Database } from '../../database/database.js'
import { prepareServerChanges } from '../images/server-change.js'

/** Bytes that wait for an import, and what is known about them. */
export interface StagedData {
  readonly blobKey: string
  readonly size: number
  readonly md5: string
  readonly hashAlgorithm: HashAlgorithm
  readonly hash: string
  readonly inspection: Inspection
}

/** The staging area. */
export interface StagingRepository {
  /** Enters the bytes and the size of an `uploading` image. @returns false if the image has left that status */
  keep(imageId: string, staged: StagedData, at: number): boolean
  find(imageId: string): StagedData | undefined
}

export function createStagingRepository(db: Database): StagingRepository {
  const change = prepareServerChanges(db)
  const find = db.prepare(
    'SELECT blob_key, size, md5, hash_algo, hash, inspection FROM image_staging WHERE image_id = ?',
  )
  const insert = db.prepare(
    'INSERT INTO image_staging (image_id, blob_key, size, md5, hash_algo, hash, inspection) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  return {
    keep(imageId, { blobKey, size, md5, hashAlgorithm, hash, inspection }, at) {
      return inTransaction(db, () => {
        if (!change(imageId, { from: ['uploading'], size }, at).isChanged) return false
        insert.run(imageId, blobKey, size, md5, hashAlgorithm, hash, JSON.stringify(inspection))
        return true
      })
    },
    find(imageId) {
      const row = find.get(imageId) as StagedRow | undefined
      if (row === undefined) return undefined
      const { blob_key, hash_algo, size, md5, hash, inspection } = row
      return {
        blobKey: blob_key,
        size,
        md5,
        hashAlgorithm: hash_algo,
        hash,
        inspection: JSON.parse(inspection) as Inspection,
      }
    },
  }
}

interface StagedRow {
  blob_key: string
  size: number
  md5: string
  hash_algo: HashAlgorithm
  hash: string
  inspection: string
}
