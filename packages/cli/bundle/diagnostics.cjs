// Of undici's channels, one is followed. Creating the others, and what NODE_DEBUG switches on, would slow down every command.
const nobody = { hasSubscribers: false }

module.exports = {
  channels: {
    sendHeaders: process.getBuiltinModule('node:diagnostics_channel').channel('undici:client:sendHeaders'),
    beforeConnect: nobody,
    connected: nobody,
    connectError: nobody,
    create: nobody,
    bodySent: nobody,
    bodyChunkSent: nobody,
    bodyChunkReceived: nobody,
    headers: nobody,
    trailers: nobody,
    error: nobody,
    proxyConnected: nobody,
  },
}
