import { Refusal } from '../refusal.js'

// Refusals in Keystone's words (keystone/exception.py).

/** Never reveals whether the user, the secret or the scope was wrong. */
export const unauthorized = () => new Refusal('unauthenticated', 'The request you have made requires authentication.')
export const forbidden = (action: string) =>
  new Refusal('forbidden', `You are not authorized to perform the requested action: ${action}.`)
export const couldNotFind = (what: string, id: string) => new Refusal('not-found', `Could not find ${what}: ${id}.`)
export const conflict = (type: string, details: string) =>
  new Refusal('conflict', `Conflict occurred attempting to store ${type} - ${details}.`)
export const couldNotComply = (problem: string) =>
  new Refusal(
    'invalid',
    `${problem} The server could not comply with the request since it is either malformed or otherwise incorrect. ` +
      'The client is assumed to be in error.',
  )
export const malformed = (attribute: string, target: string) =>
  couldNotComply(`Expecting to find ${attribute} in ${target}.`)
export const invalidField = (path: string, problem: string) =>
  new Refusal('invalid', path === '' ? problem : `Invalid input for field '${path}': ${problem}`)
