import { type Cloud, NotFoundError } from '@tyrax/sdk'
import type { Context } from '../command/context.js'
import { wireTime } from '../output/cells.js'
import { examine, type Finding, ok, skipped, warn } from './check.js'

/** What is checked on a cloud that has been signed in to. */
export async function checkCloud(context: Context, cloud: Cloud): Promise<Finding[]> {
  const { signal } = context
  const found: Finding[] = []
  const look = async (check: string, finding: Parameters<typeof examine>[2]) => {
    found.push(...(await examine(check, signal, finding)))
  }
  await look('token', () => checkToken(cloud))
  await look('endpoints', () => checkEndpoints(cloud))
  await look('image service', () => checkImages(cloud, signal))
  await look('versions', async () => {
    const versions = await cloud.images.versions({ signal })
    const current = versions.find(({ status }) => status === 'CURRENT') ?? versions[0]
    return current
      ? ok(`${current.id} is current; ${versions.map(({ id }) => id).join(', ')}`)
      : warn('the image service names no version')
  })
  await look('import methods', async () => {
    const methods = await cloud.images.importMethods({ signal })
    return methods.length > 0 ? ok(methods.join(', ')) : ok('none: data is uploaded directly')
  })
  await look('stores', async () => {
    const stores = await cloud.images.stores.list({ signal })
    if (stores.length === 0) return ok('one, without a name')
    return ok(stores.map(({ id, isDefault }) => (isDefault ? `${id} (default)` : id)).join(', '))
  })
  await look('quota', () => checkQuota(cloud, signal))
  await look('ranges', () => checkRanges(cloud, signal))
  await look('object storage', () => checkObjects(cloud, signal))
  return found
}

async function checkToken(cloud: Cloud): Promise<Omit<Finding, 'check'>> {
  const { expiresAt, roles, userName, userId, projectName, projectId } = await cloud.identity.grant()
  const who = `${userName ?? userId ?? 'no user'} in ${projectName ?? projectId ?? 'no project'}, roles ${roles.join(', ') || 'none'}`
  if (expiresAt === undefined) return ok(`${who}; it does not expire`)
  const minutes = Math.floor((expiresAt - Date.now()) / 60_000)
  const said = `${who}; valid for ${minutes} min, until ${wireTime(new Date(expiresAt))}`
  if (projectId === undefined) return warn(said, 'name a project: without one, there are no images of your own')
  return minutes < 10
    ? warn(said, 'long transfers renew it, which needs the password; a bare token cannot be renewed')
    : ok(said)
}

async function checkEndpoints(cloud: Cloud): Promise<Omit<Finding, 'check'>[]> {
  const { image, objectStore } = await cloud.endpoints()
  return [
    image === undefined
      ? { status: 'fail', detail: 'the catalogue has no image service', hint: 'tyrax auth check shows the catalogue' }
      : ok(`image ${image}`),
    objectStore === undefined ? skipped('the catalogue has no object storage') : ok(`object storage ${objectStore}`),
  ]
}

/** Tokens and signed addresses are judged by the server's clock; its `Date` header has whole seconds. */
async function checkImages(cloud: Cloud, signal: AbortSignal): Promise<Omit<Finding, 'check'>[]> {
  const before = Date.now()
  const { headers } = await cloud.images.list({ limit: 1, returnRaw: true, signal })
  const after = Date.now()
  const answered = ok(`responds in ${after - before} ms`)
  const date = Date.parse(headers.get('date') ?? '')
  if (Number.isNaN(date)) return [answered, warn('the clocks cannot be compared: the response has no date')]
  const skew = Math.round((date + 500 - (before + after) / 2) / 1000)
  if (Math.abs(skew) <= mostSkewS) return [answered, ok(`the clocks agree (within ${mostSkewS} s)`)]
  return [
    answered,
    warn(
      `this machine's clock is ${Math.abs(skew)} s ${skew > 0 ? 'behind' : 'ahead of'} the server's`,
      'synchronise it (NTP): ages, token life and signed addresses depend on it',
    ),
  ]
}
const mostSkewS = 5

async function checkQuota(cloud: Cloud, signal: AbortSignal): Promise<Omit<Finding, 'check'>> {
  const usage = Object.entries(await cloud.images.usage.get({ signal }))
  const limited = usage.flatMap(([name, { limit, usage: used }]) =>
    limit === null || limit < 0 ? [] : [{ name, limit, used }],
  )
  if (limited.length === 0) return ok('no limits')
  const said = limited.map(({ name, limit, used }) => `${name} ${used} of ${limit}`).join(', ')
  const full = limited.filter(({ limit, used }) => used >= limit * 0.9)
  if (full.length === 0) return ok(said)
  return warn(`${said}: nearly used up`, "tyrax gc and tyrax rm 'age>…' --dry-run show what could go")
}

/** Tries it with a few images, as others may be deleting them. */
async function checkRanges(cloud: Cloud, signal: AbortSignal): Promise<Omit<Finding, 'check'>> {
  const { items } = await cloud.images.list({ status: 'active', sizeMin: 1, limit: 3, signal })
  for (const image of items) {
    try {
      return (await cloud.images.supportsRanges(image, { signal }))
        ? ok('downloads resume, and use several connections')
        : warn(
            'the store sends no parts of images: an interrupted download begins again',
            'this depends on the store; Ceph needs none of it for servers',
          )
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error
    }
  }
  return skipped('there is no image to try it with')
}

async function checkObjects(cloud: Cloud, signal: AbortSignal): Promise<Omit<Finding, 'check'>> {
  const { objectStore } = await cloud.endpoints()
  if (objectStore === undefined) return skipped('the catalogue has none')
  const before = Date.now()
  await cloud.objects.listContainers({ limit: 1, signal })
  return ok(`responds in ${Date.now() - before} ms`)
}
