export type { VolumeImageParams } from './create-from-volume.js'
export type {
  ContainerFormat,
  DiskFormat,
  ImageSortKey,
  ImageStatus,
  KnownImageStatus,
  SortDirection,
  Visibility,
  VisibilityFilter,
  WireImage,
} from '@tyrax/protocol'
export { decodeImage, encodeImage } from './codec.js'
export type { CreatedImage, ImageCreateParams } from './create.js'
export type { FileDownload, FileDownloadOptions } from './download/download-file.js'
export type { ImageDownload } from './download/download-stream.js'
export type { ImageSource, ImageSourceOptions } from './download/image-source.js'
export type { DownloadOptions } from './download/options.js'
export type { TimeFilter } from './filter-value.js'
export type { ImageAttributes } from './find.js'
export type { FindOptions } from './find-by-text.js'
export type { Image, ImageRef } from './image.js'
export type { ImageInspection } from './inspect.js'
export type { ImageManager } from '../image-manager.js'
export type { ImageList, ImagePage, RawImagePage } from './list.js'
export type { ImageFilters, ImageListParams, ImageSort } from './list-query.js'
export type { ImageUpdate } from './patch.js'
export type { UpdateOptions } from './update.js'
export type { OrphanOptions } from './orphans.js'
export type {
  ImageSigning,
  SendOptions,
  SourceOptions,
  SourceReport,
  TransferOptions,
  UploadOptions,
  UploadResult,
} from './upload/options.js'
