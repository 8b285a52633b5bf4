// undici's HTTP/2 client is never used, and loading Node's takes a good part of a command's start-up time.
module.exports = function connectH2() {
  throw new Error('HTTP/2 is not part of this bundle')
}
