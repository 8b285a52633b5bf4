export { type FetchPage, type OtherEnd, type Page, type PageWish, PagedList } from './paged-list.js'
export type { PagesOptions } from './pages-options.js'
