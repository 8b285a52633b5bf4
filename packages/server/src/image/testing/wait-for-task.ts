import type { ImageCloud } from './image-cloud.js'

/** A task of an image, as the cloud shows it. */
export type Task = Record<string, unknown> & { readonly status: string; readonly message: string }

/** Waits until every task of the image has ended. @returns the tasks, the oldest first */
export async function waitForTasks(cloud: ImageCloud, id: string): Promise<Task[]> {
  const deadline = Date.now() + 60_000
  for (;;) {
    const { body } = await cloud.admin.call('GET', `/v2/images/${id}/tasks`)
    const tasks = body['tasks'] as Task[]
    if (tasks.length > 0 && tasks.every(({ status }) => status === 'success' || status === 'failure')) return tasks
    if (Date.now() > deadline) throw new Error(`the tasks of ${id} do not end: ${JSON.stringify(tasks)}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
