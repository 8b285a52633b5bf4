export {
  compressedFixturePath,
  type Fixture,
  type FixtureName,
  fixture,
  fixturePath,
  fixtures,
} from './fixtures/fixtures.js'
export { randomDisk } from './fixtures/random-disk.js'
export { type FaultServer, type FaultServerOptions, startFaultServer } from './fault-server/fault-server.js'
export { forwardTo } from './fault-server/proxy.js'
export { type SeenRequest } from './fault-server/recorder.js'
export { cacheFolder } from './openstack/cache-folder.js'
export { runCommand } from './openstack/command.js'
export { LaunchError } from './openstack/launch-error.js'
export { type OpenStackInfo, readInfo } from './openstack/openstack-info.js'
export type { CloudLogin, CloudName } from './openstack/seed.js'
export { type OpenStack, type OpenStackOptions, startOpenStack } from './openstack/start-openstack.js'
export { type Certificates, makeCertificates } from './network/certificates.js'
export { listening } from './network/listening.js'
export { type ProxyServer, type ProxyServerOptions, startProxyServer } from './network/proxy-server.js'
export { startTlsFront, type TlsFront } from './network/tls-front.js'
export { type FederatedCloud, startFederatedCloud } from './oidc/federated-cloud.js'
export { type OidcProvider, type OidcProviderOptions, startOidcProvider } from './oidc/oidc-provider.js'
export { findRuntimes, type Runtime, type RuntimeName, startScript } from './runtimes/runtimes.js'
