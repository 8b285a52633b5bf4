/** Statuses after which the same request may succeed later. */
export const retryableStatuses = [408, 429, 500, 502, 503, 504] as const
