import type { Caller } from '../../context.js'
import { notAuthorized, notFound } from '../errors.js'
import type { ImageParts } from '../parts.js'
import { createLegacyImport } from './legacy-import.js'
import type { TaskRequest } from './new-task.js'
import type { TaskQuery } from './task-query.js'
import { createTaskRepository, type TaskRecord } from './task-repository.js'

/** The tasks of all projects, which only an admin sees and starts (glance/api/v2/tasks.py). */
export interface AllTasksService {
  /** @throws forbidden unless the caller is an admin */
  requireAccess(caller: Caller): void
  /** @throws invalid for an unknown marker */
  list(query: TaskQuery): { readonly tasks: readonly TaskRecord[]; readonly nextMarker: string | undefined }
  /** @throws not-found */
  get(id: string): TaskRecord
  /** @throws invalid for a source that is refused */
  create(caller: Caller, request: TaskRequest, requestId: string): Promise<TaskRecord>
}

export function createAllTasksService(parts: ImageParts): AllTasksService {
  const { tasks, db, clock } = parts
  const repository = createTaskRepository(db)
  const legacy = createLegacyImport(parts)
  return {
    requireAccess(caller) {
      if (!caller.isAdmin) throw notAuthorized('tasks_api_access')
    },
    list(query) {
      repository.dropExpired(clock())
      const found = repository.list(query)
      return {
        tasks: found,
        nextMarker: found.length > 0 && found.length === query.limit ? found.at(-1)?.id : undefined,
      }
    },
    get(id) {
      repository.dropExpired(clock())
      const task = repository.find(id)
      if (task === undefined) throw notFound(`Could not find task ${id}`)
      return task
    },
    async create(caller, { type, input }, requestId) {
      if (type === 'import') await legacy.requireSource(input)
      const task = tasks.make(caller, { type, imageId: null, input, requestId })
      repository.insert(task)
      tasks.run(task, (running) => {
        if (type === 'import') return legacy.run(input, caller, running)
        throw new Error(
          `A task of type ${type} begins with a request to its image: POST /v2/images/{id}/import or …/locations`,
        )
      })
      return task
    },
  }
}
