import type { ServiceResponse } from '../http/service-response.js'
import { policies } from '../retry/policies.js'

/**
 * A response whose `json` and `text` repeat the request when the connection breaks in the middle of the body: for
 * requests that change nothing. Its `body` is passed on as it is; callers that stream it resume it themselves.
 * @param askAgain returns another response, or throws the error that is passed to it when there are no more attempts
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
  // Not a copy, which would compute what may never be read.
  return Object.assign(Object.create(answer) as ServiceResponse, {
    received: () => current.received(),
    json: again((from) => from.json()),
    text: again((from) => from.text()),
  })
}
