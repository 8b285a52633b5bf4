import type { ServiceResponse } from '../http/service-response.js'
import { policies } from '../retry/policies.js'

/**
 * An answer whose `json` and `text` ask again when the connection breaks in the middle of the body: for requests that
 * change nothing. Its `body` is as it came; who streams it knows better how to go on.
 * @param askAgain gives another answer, or throws the error it is given when there is to be none
 */
export function withRepeatedRead(
  answer: ServiceResponse,
  askAgain: (error: unknown) => Promise<ServiceResponse>,
): ServiceResponse {
  let current = answer
  const again =
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
    json: again((from) => from.json()),
    text: again((from) => from.text()),
  }
}
