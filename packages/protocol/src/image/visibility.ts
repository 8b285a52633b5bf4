/** Visibilities of an image (glance/api/v2/images.py, schema `visibility`). The server's default is `shared`. */
export const visibilities = ['public', 'private', 'shared', 'community'] as const
/** Who can see an image. The set is fixed in Glance, so any other word is a mistake. */
export type Visibility = (typeof visibilities)[number]

/**
 * The values of `GET /v2/images?visibility=`: a visibility, or `all`, which also shows other projects' community
 * images.
 */
export const visibilityFilters = [...visibilities, 'all'] as const
/** A visibility to list images by. */
export type VisibilityFilter = (typeof visibilityFilters)[number]
