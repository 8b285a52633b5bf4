import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { connect, type Cloud } from '@tyrax/sdk'
import { startCloud } from '@tyrax/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { login, type Account } from '../contracts/target.js'
import type { Coverage } from './coverage.js'
import { coveragePage } from './page.js'
import { routes } from './routes.js'
import { commandEntries } from '../../../cli/src/commands/index.js'

const root = fileURLToPath(new URL('../../../..', import.meta.url))

let server: Awaited<ReturnType<typeof startCloud>>
let cloud: Cloud
let admin: Account
beforeAll(async () => {
  const stores = [{ id: 'fast', default: true }, { id: 'cheap' }]
  server = await startCloud({ port: 0, config: { image: { stores, cache: true } } })
  const user = { username: 'admin', password: 'secret', projectName: 'admin' }
  cloud = await connect({ auth: { authUrl: server.authUrl, ...user } })
  admin = await login(server.authUrl, user)
  await cloud.images.metadefs.namespaces.create({ namespace: 'coverage', tags: ['tag'] })
})
afterAll(async () => {
  await cloud?.close()
  await server?.close()
})

const name = ({ method, route }: Coverage) => `${method} ${route}`

test('each route is listed once', () => {
  const names = routes.map(name)
  expect(names).toEqual([...new Set(names)])
  expect(names.length).toBeGreaterThan(80)
})

test.each(routes.map((one) => [name(one), one] as const))('%s is where it is said to be', async (_name, one) => {
  expect(await findMissing(one)).toEqual([])
})

const commands: ReadonlySet<string> = new Set(commandEntries.map((entry) => entry.path.join(' ')))

/** What an entry names and does not exist; an entry that names nothing must say why. */
async function findMissing({ sdk, command, test: proof }: Coverage): Promise<string[]> {
  const missing: string[] = []
  if (typeof sdk !== 'string') missing.push(...(sdk.missing === '' ? ['a reason for no method'] : []))
  else if (typeof valueAt(cloud, sdk) !== 'function') missing.push(`cloud.${sdk}`)
  if (typeof command !== 'string') missing.push(...(command.missing === '' ? ['a reason for no command'] : []))
  else if (!commands.has(command)) missing.push(`tyrax ${command}`)
  const text = await readFile(path.join(root, proof.file), 'utf8')
  const isThere = [`'${proof.title}'`, `"${proof.title}"`].some((title) => text.includes(title))
  return isThere ? missing : [...missing, `${proof.title} in ${proof.file}`]
}

function valueAt(start: unknown, keys: string): unknown {
  return keys
    .split('.')
    .reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>> | undefined)?.[key], start)
}

test.each(routes.map((one) => [name(one), one] as const))(
  'the embedded cloud has %s',
  async (_name, { method, route }) => {
    const made = await admin.image('POST', '/v2/images', { json: { tags: ['tag'] } })
    const { id } = made.json<{ id: string }>()
    const values: Record<string, string> = { image: id, namespace: 'coverage', store: 'fast', member: admin.projectId }
    const where = route.replaceAll(/\{(\w+)\}/g, (_all, key: string) => values[key] ?? key)
    const hasBody = ['POST', 'PUT', 'PATCH'].includes(method)
    const response = await admin.image(method, where, {
      headers: { accept: 'application/json' },
      ...(hasBody && { json: {} }),
    })
    // Any other refusal comes from the route itself.
    expect([405, 500, 501]).not.toContain(response.status)
    expect(response.text).not.toContain('The resource could not be found.')
  },
)

test('docs/api-coverage.md is current: npm run api-coverage', async () => {
  await expect(coveragePage(routes)).toMatchFileSnapshot(path.join(root, 'docs/api-coverage.md'))
})
