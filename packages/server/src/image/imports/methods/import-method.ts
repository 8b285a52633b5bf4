import type { Caller } from '../../../context.js'
import type { ImageRecord } from '../../images/image-record.js'
import type { ImageParts } from '../../parts.js'
import type { StagedData } from '../../staging/staging-repository.js'
import type { ImportFields } from '../import-request.js'

/** One way to import. Its checks run in the order of these members, before the task starts. */
export interface ImportMethod {
  readonly name: string
  /** The image stays active, and gets further copies of its data. @default false */
  readonly addsCopies?: boolean
  /** The bytes were staged before. @default false */
  readonly usesStaged?: boolean
  /** @throws conflict unless the image is in the status that the method needs */
  requireStatus(image: ImageRecord): void
  /** Checks the method's own fields. @throws invalid */
  requireFields?(fields: ImportFields): void
  /** @throws forbidden */
  requireRight(caller: Caller, image: ImageRecord): void
  /** Checks where the bytes come from. @throws invalid */
  requireSource?(fields: ImportFields): Promise<void>
  /** In the task: opens the bytes. */
  open(opening: Opening): Promise<ImportSource>
}

/** What a method opens its bytes with. */
export interface Opening {
  /** The image when the task began. */
  readonly image: ImageRecord
  readonly fields: ImportFields
  /** Who asked for the import. */
  readonly caller: Caller
  /** Aborted when the server closes; the bytes must end then. */
  readonly signal: AbortSignal
}

/** The bytes of an import. */
export type ImportSource = StreamSource | StagedSource | CopySource

/** Bytes that have to be read, checked and stored. */
export interface StreamSource {
  readonly kind: 'stream'
  readonly bytes: AsyncIterable<Uint8Array>
  /** Fewer or more bytes fail the import. @default not known */
  readonly declaredSize?: number | undefined
  /** Replaces the image's own, if the import succeeds. @default unchanged */
  readonly formats?: { readonly disk_format: string; readonly container_format: string } | undefined
  /** Set if the import succeeds. @default none */
  readonly properties?: Readonly<Record<string, string>> | undefined
}

/** Bytes that were hashed and inspected when they were staged. */
export interface StagedSource {
  readonly kind: 'staged'
  readonly staged: StagedData
}

/** Another copy of bytes that the image has. */
export interface CopySource {
  readonly kind: 'copy'
  /** Reads them, from the beginning each time. */
  readonly read: () => AsyncIterable<Uint8Array>
}

/** Makes a method from the parts of the image service. */
export type CreateMethod = (parts: MethodParts) => ImportMethod
export type MethodParts = Pick<ImageParts, 'images' | 'db' | 'blobs' | 'config' | 'locations' | 'region'>
