import type { UrlGetter } from '../../platform/url-getter.js'
import { iterable } from '../../sources/stream-source.js'
import { linkedController, throwIfAborted } from '../../transport/aborting.js'
import { readFailure } from '../../transport/connection-failure.js'
import { incoming } from '../../transport/incoming.js'
import { responseHeaders } from '../../transport/response-headers.js'
import { defaultTimeouts } from '../../transport/transport.js'
import { createWatchdog } from '../../transport/watchdog.js'
import { blockedFailure } from '../blocked-failure.js'
import { undoneByFetch } from '../page-headers.js'

/** Uses `fetch`, which follows redirects itself. */
export const getUrl: UrlGetter = async (url, { headers, idleTimeoutMs, signal }) => {
  throwIfAborted(signal)
  const attempted = { method: 'GET', url, ...defaultTimeouts }
  const { control, unlink } = linkedController(signal)
  const watchdog = createWatchdog((error) => control.abort(error))
  const done = () => {
    watchdog.stop()
    unlink()
  }
  try {
    watchdog.arm('headers', defaultTimeouts.headersTimeoutMs, `${url.host} has not responded`)
    const response = await fetch(url, { headers: { ...headers }, signal: control.signal })
    watchdog.rest()
    const undone = undoneByFetch(response.headers)
    const body = incoming(iterable(response.body ?? new Blob([]).stream(), url.host), {
      watchdog,
      idleTimeoutMs,
      host: url.host,
      failure: (error) => (control.signal.aborted ? control.signal.reason : readFailure(error, attempted)),
      done,
    })
    return {
      status: response.status,
      headers: responseHeaders(Object.fromEntries(response.headers), undone === undefined ? [] : ['content-length']),
      ...(undone !== undefined && { undone }),
      url: new URL(response.url || url),
      body,
      cancel: async () => {
        await body.return()
        control.abort()
        done()
      },
    }
  } catch (error) {
    done()
    throw control.signal.aborted ? control.signal.reason : blockedFailure(error, attempted)
  }
}
