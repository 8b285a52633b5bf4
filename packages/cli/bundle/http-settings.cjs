// What undici asks of Node's own HTTP, of which it loads six modules.
const isSet = /max.http.header.size/.test([...process.execArgv, process.env.NODE_OPTIONS].join(' '))

module.exports = {
  /** Compared with classes of bodies; none of ours is a message of Node's server. */
  IncomingMessage: Symbol('IncomingMessage'),
  get maxHeaderSize() {
    return isSet ? process.getBuiltinModule('node:http').maxHeaderSize : 16 * 1024
  },
}
