// undici's HTTP/2 client is never asked for, and loading Node's takes a good part of a command's start-up.
module.exports = function connectH2() {
  throw new Error('HTTP/2 is not part of this bundle')
}
