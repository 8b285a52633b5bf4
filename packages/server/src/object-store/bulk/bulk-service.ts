import { BlobStorageFull } from '../../blobs/blob-store.js'
import { takeTurn } from '../../http/turns.js'
import { Refusal } from '../../refusal.js'
import type { Access } from '../access/access.js'
import { addressIn, type ObjectAddress } from '../address.js'
import { isBytes } from '../bytes-as-text.js'
import type { ContainerService } from '../containers/container-service.js'
import { bulkDeleteLimits, bulkUploadLimits, swiftLimits } from '../limits.js'
import type { ObjectInput, ObjectService } from '../objects/object-service.js'
import type { RequireRoom } from '../objects/room.js'
import { InvalidTar, readTar, type TarMember } from './read-tar.js'

/** Why one of several objects was not deleted or stored. */
export interface BulkProblem {
  readonly name: string
  readonly problem: Refusal
}

/** The outcome of deleting several objects and containers. */
export interface BulkDeletion {
  readonly deleted: number
  readonly missing: number
  readonly problems: readonly BulkProblem[]
  /** Why it ended before its end. */
  readonly stopped?: Refusal | undefined
}

/** The outcome of storing the files of an archive as objects. */
export interface Extraction {
  readonly created: number
  readonly problems: readonly BulkProblem[]
  readonly stopped?: Refusal | undefined
}

/** What each file of an archive is stored with. */
export type ExtractedInput = (at: ObjectAddress, member: TarMember) => ObjectInput

/** Many objects in one request (swift/common/middleware/bulk.py), each with the rights of the requester. */
export interface BulkService {
  /** @param names `container/object` or `container`, decoded. Containers come last, as they have to be empty. */
  remove(account: string, names: readonly string[], access: Access): Promise<BulkDeletion>
  /**
   * Stores each file of a tar archive as an object below `base`, and makes the containers that are missing.
   * @param base empty, a container, or a container and the beginning of names
   */
  extract(
    account: string,
    base: string,
    archive: AsyncIterable<Uint8Array>,
    inputOf: ExtractedInput,
    access: Access,
  ): Promise<Extraction>
}

interface BulkServiceParts {
  readonly containers: ContainerService
  readonly objects: ObjectService
  readonly requireRoom: RequireRoom
}

export function createBulkService({ containers, objects, requireRoom }: BulkServiceParts): BulkService {
  /** @returns whether it existed. @throws Refusal */
  const removeOne = async (account: string, name: string, access: Access): Promise<boolean> => {
    requireText(name)
    const at = addressIn(account, name.replace(/^\/+/, ''))
    if (at.container === '') throw new Refusal('method-not-allowed')
    if (at.object !== '') {
      access.require('write', at)
      return objects.remove(at)
    }
    access.require('write', { account, container: at.container })
    if (containers.find(account, at.container) === undefined) return false
    containers.remove(account, at.container)
    return true
  }

  /** @returns whether the container is new. @throws Refusal */
  const ensureContainer = (account: string, container: string, access: Access): boolean => {
    access.require('write', { account, container })
    return containers.find(account, container) === undefined && containers.put(account, container, [])
  }

  return {
    async remove(account, names, access) {
      const isObject = (name: string) => name.replaceAll(/^\/+|\/+$/g, '').includes('/')
      const ordered = [...names.filter(isObject), ...names.filter((name) => !isObject(name))]
      const problems: BulkProblem[] = []
      let deleted = 0
      let missing = 0
      for (const name of ordered) {
        await takeTurn()
        try {
          if (await removeOne(account, name, access)) deleted += 1
          else missing += 1
        } catch (error) {
          problems.push({ name, problem: refusalOf(error) })
        }
        if (problems.length >= bulkDeleteLimits.max_failed_deletes) {
          return { deleted, missing, problems, stopped: new Refusal('invalid', 'Max delete failures exceeded') }
        }
      }
      return { deleted, missing, problems }
    },

    async extract(account, base, archive, inputOf, access) {
      const problems: BulkProblem[] = []
      const accessed = new Set<string>()
      let created = 0
      let newContainers = 0

      const store = async (path: string, member: TarMember): Promise<void> => {
        requireText(path)
        const at = addressIn(account, path)
        if (at.object === '' || member.kind === 'sparse-file') throw new Refusal('invalid')
        if (member.sizeBytes > swiftLimits.max_file_size) throw new Refusal('over-limit')
        let containerProblem: BulkProblem | undefined
        if (!accessed.has(at.container)) {
          try {
            if (ensureContainer(account, at.container, access)) newContainers += 1
          } catch (error) {
            // The object may still be stored, if the container's access list lets the requester write.
            const problem = refusalOf(error)
            if (problem.kind === 'unauthenticated') throw new Stopped(problem)
            containerProblem = { name: `/v1/${account}/${at.container}`, problem }
          }
          if (newContainers > bulkUploadLimits.max_containers_per_extraction) {
            const most = bulkUploadLimits.max_containers_per_extraction
            throw new Stopped(new Refusal('invalid', `More than ${most} containers to create from tar.`))
          }
          accessed.add(at.container)
        }
        try {
          access.require('write', at)
          const input = inputOf(at, member)
          objects.admit(at, input)
          requireRoom(at, member.sizeBytes, access)
          await objects.put(at, member.bytes(), input)
          created += 1
        } catch (error) {
          if (containerProblem !== undefined) problems.push(containerProblem)
          throw error
        }
      }

      try {
        for await (const member of readTar(archive)) {
          await takeTurn()
          if (problems.length >= bulkUploadLimits.max_failed_extractions) break
          const name = member.name.replace(/^\.\//, '').replace(/^\/+/, '')
          const path = base === '' ? name : `${base}/${name}`
          if (member.kind === 'other' || !path.includes('/')) continue
          try {
            await store(path, member)
          } catch (error) {
            if (error instanceof Stopped) throw error
            if (error instanceof InvalidTar) {
              problems.push({ name: path, problem: new Refusal('unexpected') })
              throw error
            }
            problems.push({ name: path, problem: refusalOf(error) })
          }
        }
      } catch (error) {
        if (error instanceof Stopped) return { created, problems, stopped: error.refusal }
        if (!(error instanceof InvalidTar)) throw error
        return { created, problems, stopped: new Refusal('invalid', `Invalid Tar File: ${error.message}`) }
      }
      if (created > 0 || problems.length > 0) return { created, problems }
      return { created, problems, stopped: new Refusal('invalid', 'Invalid Tar File: No Valid Files') }
    },
  }
}

/** Ends an extraction. */
class Stopped extends Error {
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(refusal.message)
    this.refusal = refusal
  }
}

function requireText(name: string): void {
  if (isBytes(name) || name.includes('\0')) throw new Refusal('failed-condition')
}

/** Rethrows what is no refusal of this one object. */
function refusalOf(error: unknown): Refusal {
  if (error instanceof BlobStorageFull) return new Refusal('storage-full')
  if (!(error instanceof Refusal) || error.kind === 'cut-short') throw error
  return error
}
