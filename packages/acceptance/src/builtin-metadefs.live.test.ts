import type { WireMetadefNamespace, WireMetadefResourceType } from '@tyrax/protocol'
import { startCloud } from '@tyrax/server'
import { expect, inject, test } from 'vitest'
import { login, type Account } from './contracts/target.js'

/** A namespace without descriptions, which are each cloud's own, and without times and links. */
function factsOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(factsOf)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([key, each]) => !(own.has(key) && typeof each === 'string'))
  return Object.fromEntries(kept.map(([key, each]) => [key, factsOf(each)]))
}
const own: ReadonlySet<string> = new Set(['description', 'created_at', 'updated_at', 'self'])

const read = async <T>(account: Account, path: string): Promise<T> => {
  const answer = await account.image('GET', path)
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text}`)
  return answer.json<T>()
}

/** The namespaces that came with a cloud, by name: those that have not been changed since. */
async function builtinOf(account: Account): Promise<Record<string, unknown>> {
  const { namespaces } = await read<{ namespaces: WireMetadefNamespace[] }>(
    account,
    '/v2/metadefs/namespaces?limit=1000&sort_key=namespace',
  )
  const found: Record<string, unknown> = {}
  for (const { namespace, updated_at } of namespaces) {
    if (updated_at !== undefined) continue
    const all = await read<WireMetadefNamespace>(account, `/v2/metadefs/namespaces/${namespace}`)
    found[namespace] = factsOf({
      ...all,
      resource_type_associations: all.resource_type_associations?.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    })
  }
  return found
}

async function typesOf(account: Account): Promise<string[]> {
  const { resource_types } = await read<{ resource_types: WireMetadefResourceType[] }>(
    account,
    '/v2/metadefs/resource_types',
  )
  return resource_types.flatMap(({ name, updated_at }) => (updated_at === undefined ? [name] : [])).toSorted()
}

test('the metadata definitions that come with a new cloud are those of Glance', { timeout: 300_000 }, async () => {
  const { authUrl, clouds } = inject('openstack')
  const { username, password, projectName } = clouds.admin
  const real = await login(authUrl, { username, password, projectName })
  const cloud = await startCloud({ port: 0 })
  try {
    const embedded = await login(cloud.authUrl, { username: 'admin', password: 'secret', projectName: 'admin' })
    const [ours, theirs] = [await builtinOf(embedded), await builtinOf(real)]
    expect(Object.keys(theirs).length).toBeGreaterThan(30)
    expect(ours).toEqual(theirs)
    expect(await typesOf(embedded)).toEqual(await typesOf(real))
  } finally {
    await cloud.close()
  }
})
