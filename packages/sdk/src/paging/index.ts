export { type Page, PagedList } from './paged-list.js'
