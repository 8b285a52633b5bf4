import { startCloud } from '@tyrax/server'
import { contractSuites } from './suites.js'
import { login, type ContractTarget } from './target.js'

const password = 'secret'
const users = [
  { name: 'admin', password, project: 'admin', roles: ['admin'] },
  { name: 'demo', password, project: 'demo', roles: ['member'] },
  { name: 'alt', password, project: 'alt', roles: ['member'] },
  { name: 'reader', password, project: 'demo', roles: ['reader'] },
  { name: 'nova', password, project: 'demo', roles: ['member', 'service'] },
] as const

async function embeddedCloud(): Promise<ContractTarget> {
  const cloud = await startCloud({
    port: 0,
    config: {
      projects: ['admin', 'demo', 'alt'],
      users: users.map((user) => ({ ...user, roles: [...user.roles] })),
      image: {
        stores: [{ id: 'cheap' }, { id: 'fast', default: true }, { id: 'web', type: 'http' }],
        showMultipleLocations: true,
        cache: true,
        importMethods: ['glance-direct', 'web-download', 'copy-image', 'glance-download'],
        importFilter: { allowedHosts: ['127.0.0.1'], allowedPorts: [] },
      },
    },
  })
  const { authUrl } = cloud
  const account = (username: string, projectName: string) => login(authUrl, { username, password, projectName })
  return {
    name: 'the embedded cloud',
    isReal: false,
    authUrl,
    demo: await account('demo', 'demo'),
    alt: await account('alt', 'alt'),
    admin: await account('admin', 'admin'),
    reader: await account('reader', 'demo'),
    service: await account('nova', 'demo'),
    login: (credentials) => login(authUrl, credentials),
    close: () => cloud.close(),
  }
}

contractSuites(embeddedCloud)
