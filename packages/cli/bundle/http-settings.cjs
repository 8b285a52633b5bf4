// The parts of Node's own HTTP that undici needs; the original would load six modules.
const isSet = /max.http.header.size/.test([...process.execArgv, process.env.NODE_OPTIONS].join(' '))

module.exports = {
  /** undici compares bodies with this class; ours are never messages of Node's server. */
  IncomingMessage: Symbol('IncomingMessage'),
  /** For the sign-in with a browser. */
  get createServer() {
    return process.getBuiltinModule('node:http').createServer
  },
  get maxHeaderSize() {
    return isSet ? process.getBuiltinModule('node:http').maxHeaderSize : 16 * 1024
  },
}
