import { TyraxError } from '@tyrax/sdk'

/** Something needs a token, and the cloud is used without one. */
export class AuthRequired extends TyraxError {
  override readonly name: string = 'AuthRequired'
}
