/** Visibilities of an image (glance/api/v2/images.py, schema `visibility`). The server's default is `shared`. */
export const visibilities = ['public', 'private', 'shared', 'community'] as const
/** Who sees an image. The set is fixed in Glance, so that another word is a mistake. */
export type Visibility = (typeof visibilities)[number]

/** What `GET /v2/images?visibility=` takes: a visibility, or `all`, which also shows other projects' community images. */
export const visibilityFilters = [...visibilities, 'all'] as const
/** A visibility to list images by. */
export type VisibilityFilter = (typeof visibilityFilters)[number]
