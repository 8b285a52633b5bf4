// All that undici calls of Node's assert, which is loaded where something is wrong.
module.exports = function assert(value, message) {
  if (!value) process.getBuiltinModule('node:assert')(value, message)
}
