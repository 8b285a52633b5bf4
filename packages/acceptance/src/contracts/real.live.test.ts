import { inject } from 'vitest'
import type { CloudLogin } from '@tyrax/testkit'
import { contractSuites } from './suites.js'
import { login, type ContractTarget } from './target.js'

const { authUrl, clouds } = inject('openstack')
const account = ({ username, password, projectName }: CloudLogin) => login(authUrl, { username, password, projectName })

async function realCloud(): Promise<ContractTarget> {
  return {
    name: 'Keystone, Glance and Swift',
    isReal: true,
    authUrl,
    demo: await account(clouds.demo),
    alt: await account(clouds.alt),
    admin: await account(clouds.admin),
    reader: await account(clouds.reader),
    service: await account(clouds.service),
    login: (credentials) => login(authUrl, credentials),
    close: () => Promise.resolve(),
  }
}

contractSuites(realCloud)
