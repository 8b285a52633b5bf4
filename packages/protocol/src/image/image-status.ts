/**
 * The status machine of an image: from each status, the statuses it may move to
 * (`glance/domain/__init__.py`, `Image.valid_state_targets`). A failed upload or import returns to `queued`;
 * there is no error status.
 */
export const imageTransitions = {
  queued: ['saving', 'uploading', 'importing', 'active', 'deleted'],
  saving: ['active', 'killed', 'deleted', 'queued'],
  uploading: ['importing', 'queued', 'deleted'],
  importing: ['active', 'deleted', 'queued'],
  active: ['pending_delete', 'deleted', 'deactivated'],
  killed: ['deleted'],
  pending_delete: ['deleted', 'active'],
  deactivated: ['active', 'deleted'],
  deleted: [],
} as const satisfies Record<string, readonly string[]>

/** A status of the table above: what lists can filter by and `wait` can wait for. The set is fixed in Glance. */
export type KnownImageStatus = keyof typeof imageTransitions
/** A status as read from a server, which may be newer than this table. */
export type ImageStatus = KnownImageStatus | (string & {})

/** All statuses of the table. */
export const imageStatuses: readonly KnownImageStatus[] = Object.keys(imageTransitions) as KnownImageStatus[]

/** Whether the table lets an image go from one status to the other. Staying is not a transition. */
export function canTransition(from: KnownImageStatus, to: KnownImageStatus): boolean {
  return (imageTransitions[from] as readonly string[]).includes(to)
}
