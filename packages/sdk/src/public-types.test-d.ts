import { expectTypeOf } from 'vitest'
import type {
  Cloud,
  ConnectionError,
  ContainerFormat,
  DiskFormat,
  FileDownload,
  HttpError,
  Image,
  ImageDownload,
  ImageList,
  ImageSortKey,
  ImageStatus,
  ImageTask,
  KnownImageStatus,
  MemberStatus,
  NoMatchError,
  ObjectDownload,
  ObjectFileDownload,
  RawImagePage,
  TimeoutError,
  TyraxError,
  Verdict,
  Visibility,
} from './node/index.js'
import { connect, inspectSource, isAborted, isConflict, isNotFound, isRetryable, isTimeout } from './node/index.js'

// Compiled by `npm run types`, never run: each line that must not compile is marked, and it is an error if it does.

declare const cloud: Cloud
declare const image: Image
declare const bytes: Uint8Array
declare const to: string | undefined
const { images, objects } = cloud

export function inputsOfClosedSets(): void {
  void images.create({ name: 'a', visibility: 'public', diskFormat: 'auto', containerFormat: 'bare' })
  // @ts-expect-error A typo.
  void images.create({ name: 'a', visibility: 'pubic' })
  // @ts-expect-error A typo.
  void images.update(image, { visibility: 'pubic' })
  // @ts-expect-error A typo.
  images.list({ visibility: 'pubic' })
  images.list({ status: ['active', 'queued'], memberStatus: 'all', visibility: 'all' })
  // @ts-expect-error A typo.
  images.list({ status: 'actve' })
  // @ts-expect-error A typo.
  images.list({ memberStatus: 'acepted' })
  // @ts-expect-error A name that filters do not have.
  images.list({ stauts: 'active' })
  // @ts-expect-error A typo.
  void images.listAll({ status: ['active', 'qeued'] })
  // @ts-expect-error A typo.
  void images.find({ status: 'actve' })
  // @ts-expect-error A typo.
  void images.find({ nmae: 'debian' })
  // @ts-expect-error A typo.
  void images.wait(image, { for: 'actve' })
  void images.members.setStatus(image, 'project', 'accepted')
  // @ts-expect-error A typo.
  void images.members.setStatus(image, 'project', 'acepted')
  // @ts-expect-error A typo.
  void images.updateImageMember(image, 'acepted')
}

export function imports(): void {
  void images.import(image, { uri: 'https://example.org/d.qcow2', via: 'web', stores: ['a'], wait: true })
  void images.import(image, { method: 'an-operators-own', allStores: true })
  // @ts-expect-error A typo.
  void images.import(image, { source: bytes, via: 'uplod' })
  // @ts-expect-error The wire's name.
  void images.import(image, { source: bytes, all_stores: true })
  // @ts-expect-error An import needs to know what to import.
  void images.import(image)
  // @ts-expect-error Staged data has no store yet.
  void images.stage(image, bytes, { store: 'a' })
  expectTypeOf(images.wait(image)).resolves.toExtend<Image>()
  expectTypeOf(images.tasks.list(image)).resolves.toEqualTypeOf<ImageTask[]>()
  expectTypeOf(images.stores.list()).resolves.items.toHaveProperty('isDefault').toBeBoolean()
}

export function sorting(): void {
  images.list({ sortKey: 'created_at', sortDir: 'asc' })
  images.list({ sort: 'size:desc' })
  images.list({ sort: ['name', 'size:desc'] })
  images.list({ sort: 'name,size:desc' })
  // @ts-expect-error A wire name, in camelCase.
  images.list({ sortKey: 'createdAt' })
  // @ts-expect-error A typo.
  images.list({ sortDir: 'down' })
  // @ts-expect-error A typo.
  images.list({ sort: 'size:down' })
  // @ts-expect-error A typo.
  images.list({ sort: ['nmae'] })
}

/** Operators configure the formats, so any name is allowed; those of a stock Glance are there for completion. */
export function inputsOfOpenSets(): void {
  void images.update(image, { diskFormat: 'qcow', containerFormat: 'parcel' })
  void images.create({ name: 'a', diskFormat: 'ours' })
  void images.upload(image, bytes, { diskFormat: 'auto' })
  void inspectSource(bytes, { diskFormat: 'auto' })
  expectTypeOf<'qcow2'>().toExtend<DiskFormat>()
  expectTypeOf<'bare'>().toExtend<ContainerFormat>()
  // @ts-expect-error Not a name at all.
  void images.update(image, { diskFormat: 2 })
}

export function outputs(): void {
  expectTypeOf(image.status).toEqualTypeOf<ImageStatus>()
  expectTypeOf<Visibility>().toEqualTypeOf<'public' | 'private' | 'shared' | 'community'>()
  expectTypeOf<MemberStatus>().toEqualTypeOf<'pending' | 'accepted' | 'rejected'>()
  expectTypeOf<'size'>().toExtend<ImageSortKey>()
  expectTypeOf<KnownImageStatus>().toExtend<ImageStatus>()
  expectTypeOf<Verdict>().toEqualTypeOf<'verified' | 'unverifiable'>()
}

export function listing(flag: boolean): void {
  expectTypeOf(images.list()).toEqualTypeOf<ImageList>()
  expectTypeOf(images.list({ name: 'a' })).toEqualTypeOf<ImageList>()
  expectTypeOf(images.list({ returnRaw: false })).toEqualTypeOf<ImageList>()
  expectTypeOf(images.list({ returnRaw: undefined })).toEqualTypeOf<ImageList>()
  expectTypeOf(images.list({ returnRaw: true })).toEqualTypeOf<Promise<RawImagePage>>()
  expectTypeOf(images.list({ returnRaw: flag })).toEqualTypeOf<ImageList | Promise<RawImagePage>>()
}

export async function objectListing(): Promise<void> {
  for await (const entry of objects.list('images', { delimiter: '/' })) {
    if (entry.kind === 'folder') expectTypeOf(entry.folder).toEqualTypeOf<string>()
    else expectTypeOf(entry.lastModified).toEqualTypeOf<Date>()
  }
}

export function downloads(): void {
  expectTypeOf(images.download(image)).toEqualTypeOf<Promise<ImageDownload>>()
  expectTypeOf(images.download(image, { to: 'a', overwrite: true })).toEqualTypeOf<Promise<FileDownload>>()
  expectTypeOf(images.download(image, { to })).toEqualTypeOf<Promise<FileDownload | ImageDownload>>()
  // @ts-expect-error There is nothing to overwrite without a file.
  void images.download(image, { overwrite: true })
  expectTypeOf(objects.download('c', 'o')).toEqualTypeOf<Promise<ObjectDownload>>()
  expectTypeOf(objects.download('c', 'o', { to: 'a' })).toEqualTypeOf<Promise<ObjectFileDownload>>()
  expectTypeOf(objects.download('c', 'o', { to })).toEqualTypeOf<Promise<ObjectFileDownload | ObjectDownload>>()
}

export function checksums(): void {
  void images.create({ name: 'a', data: bytes, sourceChecksum: 'sha256:00' })
  void images.upload(image, bytes, { checksum: 'sha256:00' })
}

export function guards(error: unknown): void {
  if (isTimeout(error)) expectTypeOf(error).toEqualTypeOf<TimeoutError>()
  if (isAborted(error)) expectTypeOf(error.hint).toEqualTypeOf<string | undefined>()
  if (isNotFound(error)) expectTypeOf(error).toExtend<HttpError | NoMatchError>()
  if (isRetryable(error)) expectTypeOf(error).toExtend<HttpError | ConnectionError | TimeoutError>()
}

/** Where a guard returns false, the type stays as it was. */
export function otherBranches(error: TyraxError, http: HttpError): void {
  if (isAborted(error) || isNotFound(error)) return
  expectTypeOf(error).toEqualTypeOf<TyraxError>()
  if (isConflict(http)) expectTypeOf(http.status).toEqualTypeOf<409>()
  else expectTypeOf(http).toEqualTypeOf<HttpError>()
}

export function connecting(): void {
  void connect({ interface: 'internal' })
  // @ts-expect-error Not an option.
  void connect({ colud: 'mycloud' })
}

/** Common properties are completed, and any other text compiles. */
export function properties(given: Readonly<Record<string, string>>): void {
  void images.create({ name: 'a', properties: { hw_disk_bus: 'virtio', own: 'x' } })
  void images.create({ name: 'a', properties: { hw_disk_bus: 'a new one' } })
  void images.create({ name: 'a', properties: given })
  void images.update(image, { properties: { hw_disk_bus: null, own: 'x' } })
  // @ts-expect-error All of them are text on the wire.
  void images.create({ name: 'a', properties: { hw_disk_bus: 5 } })
}
