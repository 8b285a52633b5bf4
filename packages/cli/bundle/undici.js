// What the SDK uses of undici, without the rest: fetch, WebSocket, caches and mocks take longer to load than a list of
// images takes to fetch.
import Agent from 'undici/lib/dispatcher/agent.js'
import ProxyAgent from 'undici/lib/dispatcher/proxy-agent.js'
import buildConnector from 'undici/lib/core/connect.js'
import apiRequest from 'undici/lib/api/api-request.js'

export { Agent, ProxyAgent, buildConnector }

/** As `request` of undici's index.js, for a URL and a dispatcher. */
export function request(url, { dispatcher, ...options }) {
  return apiRequest.call(dispatcher, {
    ...options,
    origin: url.origin,
    path: url.pathname + url.search,
    method: options.method ?? (options.body ? 'PUT' : 'GET'),
  })
}
