import type { ServiceResponse } from '../http/service-response.js'
import { policies } from '../retry/policies.js'

/**
 * An answer whose `json` and `text` ask again when the connection breaks in the middle of the body: for requests that
 * change nothing. Its `body` is as it came; who streams it knows better how to go on.
 * @param askAgain gives another answer, or throws the error it is given when there is to be none
 */
export function rereadable(
  answer: ServiceResponse,
  askAgain: (error: unknown) => Promise<ServiceResponse>,
): ServiceResponse {
  let current = answer
  const reread =
    <T>(read: (from: ServiceResponse) => Promise<T>) =>
    async (): Promise<T> => {
      try {
        return await read(answer)
      } catch (error) {
        if (!policies.responseBody.isWorthRetrying(error)) throw error
        current = await askAgain(error)
        return read(current)
      }
    }
  return {
    ...answer,
    received: () => current.received(),
    json: reread((from) => from.json()),
    text: reread((from) => from.text()),
  }
}
