export { type Fixture, type FixtureName, fixture, fixturePath, fixtures } from './fixtures/fixtures.js'
export { type FaultServer, type FaultServerOptions, startFaultServer } from './fault-server/fault-server.js'
export { type SeenRequest } from './fault-server/recorder.js'
