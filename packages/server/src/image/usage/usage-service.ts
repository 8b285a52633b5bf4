import type { ImageQuotas } from '../../config/cloud-config.js'
import type { Caller } from '../../context.js'
import { overLimit } from '../errors.js'
import type { UsageRepository } from './usage-repository.js'

/** Glance's names of the quotas of a project (glance/quota/keystone.py). */
type UsageName = 'image_size_total' | 'image_stage_total' | 'image_count_total' | 'image_count_uploading'

/** A quota of a project, and how much of it is used; sizes are in MiB. -1: no limit. */
interface Usage {
  readonly limit: number
  readonly usage: number
}

/**
 * The quotas on what a project's images take together (glance/quota/keystone.py). Each check concerns the project of
 * the caller's token, even if another project owns the image, and throws over-limit, whose message is that of a real
 * Glance. A quota that is not configured is never exceeded.
 */
export interface UsageService {
  /** Empty in a cloud without such quotas. */
  read(caller: Caller): Readonly<Partial<Record<UsageName, Usage>>>
  /** Before data is stored, or an import starts. @param bytes the declared size, if any */
  requireSizeTotal(caller: Caller, bytes?: number): void
  /** Before data is staged, or downloaded for an import or a copy. @param bytes the declared size, if any */
  requireStageTotal(caller: Caller, bytes?: number): void
  /** Before an image is created. */
  requireCountTotal(caller: Caller): void
  /** Once the image is in a status that counts as uploading. */
  requireCountUploading(caller: Caller): void
}

/** @param openRepository called if there is a quota to check */
export function createUsageService(quotas: ImageQuotas, openRepository: () => UsageRepository): UsageService {
  const { imageSizeTotalMiB, imageStageTotalMiB, imageCountTotal, imageCountUploading } = quotas
  const limits = {
    image_size_total: imageSizeTotalMiB,
    image_stage_total: imageStageTotalMiB,
    image_count_total: imageCountTotal,
    image_count_uploading: imageCountUploading,
  } satisfies Record<UsageName, number | undefined>
  const hasLimits = Object.values(limits).some((limit) => limit !== undefined)
  const repository = hasLimits ? openRepository() : undefined

  const require = (caller: Caller, name: UsageName, delta: number) => {
    const limit = limits[name]
    const { projectId } = caller
    if (repository === undefined || limit === undefined || projectId === undefined) return
    const usage = usages[name](repository, projectId)
    if (usage + delta <= limit) return
    throw overLimit(
      'The request returned a 413 Request Entity Too Large. This generally means that rate limiting or a quota ' +
        `threshold was breached.\n\nThe response body:\nProject ${projectId} is over a limit for ` +
        `[Resource ${name} is over limit of ${limit} due to current usage ${usage} and delta ${delta}]`,
    )
  }
  return {
    read({ projectId }) {
      if (repository === undefined || projectId === undefined) return {}
      const names = Object.keys(limits) as UsageName[]
      return Object.fromEntries(
        names.map((name) => [name, { usage: usages[name](repository, projectId), limit: limits[name] ?? -1 }]),
      )
    },
    requireSizeTotal: (caller, bytes = 0) => require(caller, 'image_size_total', mebibytes(bytes)),
    requireStageTotal: (caller, bytes = 0) => require(caller, 'image_stage_total', mebibytes(bytes)),
    requireCountTotal: (caller) => require(caller, 'image_count_total', 1),
    requireCountUploading: (caller) => require(caller, 'image_count_uploading', 0),
  }
}

const usages: Readonly<Record<UsageName, (repository: UsageRepository, project: string) => number>> = {
  image_size_total: (repository, project) => mebibytes(repository.storedBytes(project)),
  image_stage_total: (repository, project) => mebibytes(repository.stagedBytes(project)),
  image_count_total: (repository, project) => repository.imageCount(project),
  image_count_uploading: (repository, project) => repository.uploadingCount(project),
}

/** Rounded down, as in Glance. */
function mebibytes(bytes: number): number {
  return Math.floor(bytes / 1024 ** 2)
}
