// The only function of Node's assert that undici calls; the real module is loaded only when an assertion fails.
module.exports = function assert(value, message) {
  if (!value) process.getBuiltinModule('node:assert')(value, message)
}
