import { TyraxError } from '@tyrax/sdk'

/** Another process runs a cloud on this folder. */
export class FolderTaken extends TyraxError {
  override readonly name: string = 'FolderTaken'
}

/** The folder holds other things, or its database is missing, damaged or of another version. Nothing was changed. */
export class DataFolderUnusable extends TyraxError {
  override readonly name: string = 'DataFolderUnusable'
}

/** The address cannot be listened on. */
export class ListenError extends TyraxError {
  override readonly name: string = 'ListenError'
}
