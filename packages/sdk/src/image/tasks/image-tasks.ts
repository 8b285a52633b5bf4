import { PagedList } from '../../paging/paged-list.js'
import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'
import type { ImageRef } from '../images/image.js'
import type { ImageTask } from './image-task.js'
import type { ImageTaskInput, ImageTaskListParams } from './task-options.js'

/** What the server does in the background: `images.tasks`. */
export class ImageTasks {
  readonly #context: ImageContext

  /** @internal */
  constructor(context: ImageContext) {
    this.#context = context
  }

  /**
   * Lists the tasks of one image, newest first, each with its message: for everyone who may see the image. Servers
   * show only tasks of the calling project, and only those of the last 48 hours (GET /v2/images/{id}/tasks, since
   * Wallaby, whatever version the server advertises).
   * @throws NotFoundError when the image does not exist, or on older servers
   */
  async list(image: ImageRef, options: CallOptions = {}): Promise<ImageTask[]> {
    const { tasksOfImage } = await import('./task-requests.js')
    return tasksOfImage(this.#context, image, options)
  }

  /**
   * Lists the tasks of all images and projects, without their messages: for administrators (GET /v2/tasks). Awaiting
   * returns the first page, iterating yields every task.
   * @throws ForbiddenError for everyone else
   */
  all(params: ImageTaskListParams = {}): PagedList<ImageTask> {
    return new PagedList(async (marker) => {
      const { pageOfTasks } = await import('./task-requests.js')
      return pageOfTasks(this.#context, params, marker ?? params.marker)
    })
  }

  /** Reads a task: for administrators (GET /v2/tasks/{id}). @throws NotFoundError; ForbiddenError */
  async get(id: string, options: CallOptions = {}): Promise<ImageTask> {
    const { oneTask } = await import('./task-requests.js')
    return oneTask(this.#context, id, options)
  }

  /**
   * Starts an import of the old kind, which creates a new image: for administrators (POST /v2/tasks). Everyone else
   * creates a record and imports into it: `images.import`.
   * @throws ForbiddenError; BadRequestError for an address that the server does not download from
   */
  async create(input: ImageTaskInput, options: CallOptions = {}): Promise<ImageTask> {
    const { newTask } = await import('./task-requests.js')
    return newTask(this.#context, input, options)
  }
}
