import type { ContainerFormat, DiskFormat, FieldValues, ImageFieldRow, ImageStatus, Visibility } from '@tyrax/protocol'

interface DecodedTypes {
  string: string
  integer: number
  boolean: boolean
  date: Date
  strings: readonly string[]
  list: readonly unknown[]
}

/** An image, as the server described it when it was read. Reading an attribute never sends a request. */
export interface Image extends Readonly<FieldValues<ImageFieldRow, 'name', DecodedTypes>> {
  readonly id: string
  readonly name: string | null
  readonly status: ImageStatus
  readonly visibility: Visibility | (string & {})
  /** Cannot be deleted while true. */
  readonly protected: boolean
  /** Omitted from lists unless they ask for hidden images. */
  readonly osHidden: boolean
  /** MD5 of the data, lower-case hex; null until there is data. */
  readonly checksum: string | null
  /** The algorithm of `osHashValue`, `sha512` unless the operator chose another. */
  readonly osHashAlgo: string | null
  readonly osHashValue: string | null
  /** The project that owns it. */
  readonly owner: string | null
  /** Bytes of data; null until there is data. */
  readonly size: number | null
  /** Bytes of the disk inside, where the server could determine it. */
  readonly virtualSize: number | null
  readonly containerFormat: ContainerFormat | null
  readonly diskFormat: DiskFormat | null
  /** Minimum disk of a server, in GiB. */
  readonly minDisk: number
  /** Minimum memory of a server, in MiB. */
  readonly minRam: number
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly tags: readonly string[]
  /** Path of the image's record on the server. */
  readonly self: string
  readonly file: string
  readonly schema: string
  /** Comma-separated store ids, on clouds with several stores. */
  readonly stores?: string | null
  /** Only where the operator shows it. */
  readonly directUrl?: string | null
  /** Only where the operator shows them. */
  readonly locations?: readonly unknown[] | null
  /** Every other field: the image's custom properties. */
  readonly properties: Readonly<Record<string, string>>
  /** Fields that are neither known here nor strings, such as a newer server might send. Absent when there are none. */
  readonly extra?: Readonly<Record<string, unknown>>
}

/** The fields that `create` takes. */
export type CreatableFields = {
  readonly [Name in keyof Pick<Image, NamesOf<{ readonly create: true }>>]?: Image[Name] | undefined
}

/** The fields that `update` takes; null resets a field. */
export type UpdatableFields = {
  readonly [Name in keyof Pick<Image, Exclude<NamesOf<{ readonly patch: true }>, 'locations'>>]?:
    | Image[Name]
    | null
    | undefined
}

type NamesOf<Marks> = Extract<ImageFieldRow, Marks>['name']

/** An image, or its id. */
export type ImageRef = string | { readonly id: string }
