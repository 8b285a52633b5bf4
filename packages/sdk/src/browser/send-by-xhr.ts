import type { TransportRequest } from '../transport/transport.js'
import type { Watchdog } from '../transport/watchdog.js'
import type { Pace } from './pace.js'

/** A response whose body has been read completely. */
export interface WholeResponse {
  readonly status: number
  readonly headers: Headers
  readonly body: Uint8Array
  /** The URL of the response. Empty: the requested URL. */
  readonly url: string
}

/** A request with a body in one piece, and what monitors and aborts it. */
export interface WholeExchange {
  readonly request: TransportRequest
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly blob: Blob
  readonly signal: AbortSignal
  readonly pace: Pace
  readonly watchdog: Watchdog
}

/** Services return short responses to uploads. */
const longestResponse = 16 * 1024 * 1024

/** Sends a Blob with XMLHttpRequest, the only way to see upload progress. Rejects with a TypeError, as `fetch` does. */
export function sendByXhr({ request, headers, blob, signal, pace, watchdog }: WholeExchange): Promise<WholeResponse> {
  const { method, url, timeouts } = request
  const { idleTimeoutMs, headersTimeoutMs } = timeouts
  const waitForReading = () => watchdog.arm('idle', idleTimeoutMs, `${url.host} has read nothing of the request's body`)
  const waitForResponse = () => {
    watchdog.arm('headers', headersTimeoutMs, `${url.host} has not responded since the last byte was sent`)
    pace.all()
  }
  const xhr = new XMLHttpRequest()
  const end = () => xhr.abort()
  return new Promise<WholeResponse>((resolve, reject) => {
    xhr.open(method, url)
    xhr.responseType = 'arraybuffer'
    for (const [name, value] of headers) xhr.setRequestHeader(name, value)
    xhr.upload.addEventListener('progress', ({ loaded }) => {
      waitForReading()
      pace.reach(loaded)
    })
    xhr.upload.addEventListener('load', waitForResponse)
    xhr.addEventListener('progress', ({ loaded }) => {
      watchdog.arm('idle', idleTimeoutMs, `${url.host} has sent nothing more of its response`)
      if (loaded <= longestResponse) return
      reject(new TypeError(`the response is longer than ${longestResponse} bytes`))
      xhr.abort()
    })
    xhr.addEventListener('load', () => {
      const body = xhr.response instanceof ArrayBuffer ? new Uint8Array(xhr.response) : new Uint8Array()
      resolve({ status: xhr.status, headers: headersOf(xhr), body, url: xhr.responseURL })
    })
    xhr.addEventListener('error', () => reject(new TypeError('NetworkError: the upload failed')))
    xhr.addEventListener('abort', () => reject(signal.reason))
    signal.addEventListener('abort', end, { once: true })
    if (blob.size === 0) waitForResponse()
    else waitForReading()
    xhr.send(blob)
  }).finally(() => signal.removeEventListener('abort', end))
}

function headersOf(xhr: XMLHttpRequest): Headers {
  const headers = new Headers()
  for (const line of xhr.getAllResponseHeaders().split('\r\n')) {
    const at = line.indexOf(': ')
    if (at > 0) headers.append(line.slice(0, at), line.slice(at + 2))
  }
  return headers
}
