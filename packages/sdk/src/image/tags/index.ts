export { ImageTags } from './image-tags.js'
