export type { ImageTask, ImageTaskStatus, ImageTaskType } from './image-task.js'
export type { ImageTasks } from './image-tasks.js'
export type { ImageTaskInput, ImageTaskListParams } from './task-options.js'
