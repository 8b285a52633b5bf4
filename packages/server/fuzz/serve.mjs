// The process under test, forked: node fuzz/serve.mjs DATA. Sends its URL to its parent, and measurements on request.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startCloud } from '../dist/index.js'

const data = process.argv[2]
const users = ['alice', 'bob', 'carol'].map((name) => ({
  name,
  password: `${name}-password`,
  project: name,
  roles: ['member'],
}))
/** A connection reset by the client is not a finding. */
const tell = ({ method, path, error }, message) =>
  error?.code === 'ECONNRESET' || process.stderr.write(`${message}: ${method} ${path}\n${error?.stack}\n`)
const log = { info() {}, warn() {}, error: tell }
const cloud = await startCloud({ port: 0, data, config: { projects: ['alice', 'bob', 'carol'], users }, log })
/** Node's warnings, such as the one for a file that was only closed by garbage collection. */
const warnings = []
process.on('warning', ({ message }) => warnings.push(message))
let turn = 0
let last = busyMs()
setInterval(() => {
  const now = busyMs()
  turn = Math.max(turn, now - last)
  last = now
}, 1)
process.on('message', (message) => {
  if (message === 'close') {
    void cloud.close().then(() => process.exit(0))
    return
  }
  globalThis.gc?.()
  last = busyMs()
  const sockets = process.getActiveResourcesInfo().filter((each) => each === 'TCPSocketWrap').length
  const fds = process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0
  process.send({
    rss: process.memoryUsage().rss,
    sockets,
    fds,
    turn,
    warnings,
    temporary: readdirSync(join(data, 'tmp')).length,
  })
})
process.send({ url: cloud.url, authUrl: cloud.authUrl })

/** The main thread's CPU time, so that a busy machine is not mistaken for a stall. */
function busyMs() {
  if (process.platform !== 'linux') return performance.now()
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ', 1)[0]) / 1e6
}
