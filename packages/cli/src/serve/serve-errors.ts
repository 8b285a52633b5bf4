import { TyraxError } from '@tyrax/sdk'

/** Another process runs a cloud on this folder. */
export class FolderTaken extends TyraxError {
  override readonly name: string = 'FolderTaken'
}

/** The address cannot be listened on. */
export class ListenError extends TyraxError {
  override readonly name: string = 'ListenError'
}
