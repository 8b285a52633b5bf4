import { randomUUID } from 'node:crypto'
import type { TaskType } from '@tyrax/protocol'
import type { Caller } from '../../context.js'
import type { Logger } from '../../log.js'
import type { Clock } from '../images/clock.js'
import type { ImageService } from '../images/image-service.js'
import type { TaskOutcome, TaskRecord, TaskRepository } from './task-repository.js'
import type { TaskRunner } from './task-runner.js'

/** What a new task needs. */
export interface NewTask {
  readonly type: TaskType
  readonly imageId: string | null
  readonly input: Readonly<Record<string, unknown>>
  /** The id of the request that starts it. */
  readonly requestId: string
}

/** A running task, for the work that it does. */
export interface RunningTask {
  readonly id: string
  /** Aborted when the server closes. */
  readonly signal: AbortSignal
  /** Shows how far the work is. */
  report(message: string): void
}

/** Tasks, which are work that continues after the request that started it. */
export interface TaskService {
  /** A new task of the caller, which is not stored yet. */
  make(caller: Caller, task: NewTask): TaskRecord
  /**
   * Runs a stored task after the current request.
   * @param work its result ends the task, unless the work has stored the end itself; if it throws, the task fails with
   * the error's message
   */
  run(task: TaskRecord, work: (running: RunningTask) => Promise<TaskOutcome>): void
  /** The tasks of an image that the caller sees; only an admin sees those of other projects. */
  listByImage(caller: Caller, imageId: string): TaskRecord[]
}

interface TaskServiceParts {
  readonly images: ImageService
  readonly tasks: TaskRepository
  readonly runner: TaskRunner
  readonly clock: Clock
  readonly log: Logger
}

export function createTaskService({ images, tasks, runner, clock, log }: TaskServiceParts): TaskService {
  return {
    make(caller, { type, imageId, input, requestId }) {
      const at = clock()
      return {
        id: randomUUID(),
        type,
        status: 'pending',
        owner: caller.projectId ?? null,
        image_id: imageId,
        user_id: caller.userId,
        request_id: requestId,
        input,
        result: null,
        message: '',
        created_at: at,
        updated_at: at,
        expires_at: null,
      }
    },
    run({ id, type, image_id }, work) {
      const end = (outcome: TaskOutcome) => tasks.finish(id, outcome, clock())
      runner.start(async (signal) => {
        tasks.begin(id, clock())
        const report = (message: string) => tasks.report(id, message, clock())
        try {
          end(await work({ id, signal, report }))
        } catch (error) {
          log.warn({ task: id, type, image: image_id, error }, 'a task failed')
          end({ status: 'failure', message: error instanceof Error ? error.message : String(error) })
        }
      })
    },
    listByImage(caller, imageId) {
      images.get(caller, imageId)
      tasks.dropExpired(clock())
      return tasks.listByImage(imageId).filter((task) => caller.isAdmin || task.owner === caller.projectId)
    },
  }
}
