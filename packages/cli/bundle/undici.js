// Only what the SDK uses of undici: fetch, WebSocket, caches and mocks take longer to load than it takes to fetch a
// list of images.
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js'
import Agent from 'undici/lib/dispatcher/agent.js'
import Pool from 'undici/lib/dispatcher/pool.js'
import buildConnector from 'undici/lib/core/connect.js'
import request from 'undici/lib/api/api-request.js'

// As undici's index.js does: its own proxy agent calls `connect` of the dispatcher to the proxy.
Object.assign(Dispatcher.prototype, {
  request,
  connect(...given) {
    return require('undici/lib/api/api-connect.js').apply(this, given)
  },
})

/** Loaded when there is a proxy. */
function ProxyAgent(options) {
  const Original = require('undici/lib/dispatcher/proxy-agent.js')
  return new Original(options)
}

export { Agent, Pool, ProxyAgent, buildConnector }
