import { httpReasons } from '@tyrax/protocol'

/** A refusal in Keystone's words (keystone/exception.py); its message is safe to show. */
export class IdentityError extends Error {
  override readonly name = 'IdentityError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }

  get title(): string {
    return httpReasons[this.status] ?? 'Error'
  }
}

/** Never says which part was wrong. */
export const unauthorized = () => new IdentityError(401, 'The request you have made requires authentication.')
export const forbidden = (action: string) =>
  new IdentityError(403, `You are not authorized to perform the requested action: ${action}.`)
export const couldNotFind = (what: string, id: string) => new IdentityError(404, `Could not find ${what}: ${id}.`)
export const conflict = (type: string, details: string) =>
  new IdentityError(409, `Conflict occurred attempting to store ${type} - ${details}.`)
export const malformed = (attribute: string, target: string) =>
  new IdentityError(
    400,
    `Expecting to find ${attribute} in ${target}. The server could not comply with the request since it is either ` +
      'malformed or otherwise incorrect. The client is assumed to be in error.',
  )
export const invalidField = (path: string, problem: string) =>
  new IdentityError(400, path === '' ? problem : `Invalid input for field '${path}': ${problem}`)
