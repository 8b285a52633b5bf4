export type { ImageTags } from './image-tags.js'
