import {
  imageFields,
  type FieldValues,
  type ImageFieldRow,
  type KnownImageStatus,
  type Visibility,
} from '@tyrax/protocol'

/** A base field with its own column: neither computed nor a list, which has its own table. */
export type StoredField = Exclude<ImageFieldRow, { readonly computed: true } | { readonly type: 'strings' | 'list' }>

export const storedFields: readonly StoredField[] = imageFields.filter(
  (field): field is StoredField => !field.computed && field.type !== 'strings' && field.type !== 'list',
)

interface RecordTypes {
  string: string
  integer: number
  boolean: boolean
  /** Microseconds since 1970. */
  date: number
  strings: readonly string[]
  list: readonly unknown[]
}

/** An image as it is stored, under Glance's field names. */
export interface ImageRecord extends Readonly<FieldValues<StoredField, 'wire', RecordTypes>> {
  readonly status: KnownImageStatus
  readonly visibility: Visibility
  readonly tags: readonly string[]
  readonly properties: Readonly<Record<string, string>>
  readonly locations: readonly ImageLocation[]
}

/** The values, before there is data, of the fields that the server sets with the data. */
export const withoutData = Object.fromEntries(
  storedFields.filter((field) => field.nullable && !field.create).map((field) => [field.wire, null]),
) as Readonly<Record<Extract<StoredField, { readonly nullable: true; readonly create: false }>['wire'], null>>

/** One copy of an image's bytes. */
export interface ImageLocation {
  /** Null if the cloud has a single, unnamed store. */
  readonly store: string | null
  /** Identifies the location. Without a URL, it is the key of the blob that holds the bytes. */
  readonly blobKey: string
  /** Where the bytes are, if they are on another server. */
  readonly url?: string | undefined
  /** What callers have noted about the location. @default nothing */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
}
