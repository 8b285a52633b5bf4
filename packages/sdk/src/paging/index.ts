export { type FetchPage, type Page, PagedList } from './paged-list.js'
