export { type FetchPage, type OtherEnd, type Page, PagedList } from './paged-list.js'
