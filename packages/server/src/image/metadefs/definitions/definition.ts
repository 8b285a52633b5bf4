import type { MetadefTagSortKey, SortDirection } from '@tyrax/protocol'

/** What a namespace defines. */
export type DefinitionKind = 'object' | 'property' | 'tag'

/** An object, a property or a tag of a namespace. Times are microseconds since 1970. */
export interface DefinitionRecord {
  readonly id: number
  readonly name: string
  /** JSON, of the kind's own shape. */
  readonly content: string
  readonly created_at: number
  /** Null when it came with the service and was never changed. */
  readonly updated_at: number | null
}

/** A page of definitions. */
export interface DefinitionPage {
  readonly key: MetadefTagSortKey
  readonly direction: SortDirection
  readonly limit: number | undefined
  /** The last one of the page before. */
  readonly after: DefinitionRecord | undefined
}
