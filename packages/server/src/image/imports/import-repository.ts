import { importProperties } from '@tyrax/protocol'
import { inTransaction, type Database } from '../../database/database.js'
import { prepareServerChanges, type Changed, type ServerChange } from '../images/server-change.js'
import { createTaskRepository, type TaskOutcome, type TaskRecord } from '../tasks/task-repository.js'

/** The steps of imports that change an image together with its task. Each is one transaction. */
export interface ImportRepository {
  /** Enters a task, which holds its image from now on. @returns false when another task holds the image */
  begin(task: TaskRecord, imageId: string, at: number): boolean
  /** Changes an image that the task holds. */
  change(taskId: string, imageId: string, change: ServerChange, at: number): Changed
  /** Changes an image that the task holds for the last time, releases it, and ends the task. None of it if the image is gone. */
  end(taskId: string, imageId: string, change: ServerChange, outcome: TaskOutcome, at: number): Changed
  /** Ends a task whose image is gone. */
  fail(taskId: string, outcome: TaskOutcome, at: number): void
  /** The id of the image that the task holds. */
  heldBy(taskId: string): string | undefined
  /** The tasks that have not ended. */
  unfinished(): readonly TaskRecord[]
}

export function createImportRepository(db: Database): ImportRepository {
  const change = prepareServerChanges(db)
  const tasks = createTaskRepository(db)
  const holder = db.prepare('SELECT image_id FROM image_properties WHERE name = ? AND value = ?')
  const held = (taskId: string | undefined) => ({ name: importProperties.task, value: taskId })
  return {
    begin(task, imageId, at) {
      return inTransaction(db, () => {
        const lock = { ifProperty: held(undefined), properties: { [importProperties.task]: task.id } }
        if (!change(imageId, lock, at).isChanged) return false
        tasks.insert(task)
        return true
      })
    },
    change: (taskId, imageId, step, at) =>
      inTransaction(db, () => change(imageId, { ...step, ifProperty: held(taskId) }, at)),
    end(taskId, imageId, step, outcome, at) {
      return inTransaction(db, () => {
        const properties = { ...step.properties, [importProperties.task]: undefined }
        const changed = change(imageId, { ...step, properties, ifProperty: held(taskId) }, at)
        if (changed.isChanged) tasks.finish(taskId, outcome, at)
        return changed
      })
    },
    fail: (taskId, outcome, at) => tasks.finish(taskId, outcome, at),
    heldBy: (taskId) => (holder.get(importProperties.task, taskId) as { image_id: string } | undefined)?.image_id,
    unfinished: () => tasks.unfinished(),
  }
}
