import type { ImageFieldWire } from './image-fields.js'

/** Default and largest page size of a server (glance/common/config.py `limit_param_default`, `api_limit_max`). */
export const defaultPageSize = 25
/** The largest page that a stock server returns. */
export const maxPageSize = 1000

/** What a list of images can be sorted by (glance/api/v2/images.py `_available_sort_keys`). */
export const imageSortKeys = [
  'name',
  'status',
  'container_format',
  'disk_format',
  'size',
  'id',
  'created_at',
  'updated_at',
] as const satisfies readonly ImageFieldWire[]
/** What a list of images can be sorted by. */
export type ImageSortKey = (typeof imageSortKeys)[number]

/** The two directions of a sort key. */
export const sortDirections = ['asc', 'desc'] as const
/** Ascending or descending. */
export type SortDirection = (typeof sortDirections)[number]

/** Filters that accept `v`, `eq:v` and `in:a,"b,c"` (glance/db/sqlalchemy/api.py `_make_conditions_from_filters`). */
export const operatorFilters = [
  'name',
  'id',
  'status',
  'container_format',
  'disk_format',
] as const satisfies readonly ImageFieldWire[]
/** Filters that accept `gt: gte: lt: lte: eq: neq:` before an ISO 8601 time. */
export const timeFilters = ['created_at', 'updated_at'] as const satisfies readonly ImageFieldWire[]
/** Whole-number filters. */
export const rangeFilters = [
  'size_min',
  'size_max',
  'min_disk_min',
  'min_disk_max',
  'min_ram_min',
  'min_ram_max',
] as const satisfies readonly `${ImageFieldWire}_${'min' | 'max'}`[]
