import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { startManyImages, views } from './support/many-images.mjs'
import { median } from './support/statistics.mjs'

const sorts = ['name', 'size', 'status', 'container_format', 'disk_format', 'created_at', 'updated_at', 'id']
/** Every single filter and sort key, and combinations: of which the figure takes the slowest. */
const single = [
  '',
  'name=image 7',
  'name=in:image 7,image 9,image 12',
  'owner=project 5',
  'status=queued',
  'status=deactivated',
  'status=killed',
  'status=in:queued,deactivated',
  'tag=common',
  'tag=rare',
  'tag=absent',
  'os_distro=d0',
  'era=old',
  'build=rare',
  'absent=x',
  'size_min=1000000000000',
  'size_min=400000000&size_max=500000000',
  'size_min=400000000&size_max=400100000',
  'size_max=100000',
  'os_hash_value=absent',
  'checksum=absent',
  'created_at=lt:2017-07-20',
  'created_at=gt:2017-07-15T00:00:00Z',
  'updated_at=lt:2017-07-15T00:00:00Z',
  'updated_at=gt:2017-07-15T00:00:00Z',
  'visibility=public',
  'visibility=private',
  'visibility=community',
  'visibility=shared',
  'member_status=all',
  'protected=true',
  'os_hidden=true',
  'min_disk_min=400',
  'min_ram_min=60000',
  'container_format=ovf',
  'disk_format=vmdk',
  'tag=common&tag=rare',
  'tag=common&tag=half',
  'tag=common&sort=size:desc',
  'tag=rare&sort=size:asc',
  'build=rare&status=deactivated',
  ...sorts.flatMap((key) => [`sort=${key}:asc`, `sort=${key}:desc`]),
]

/** Combinations of which no index can be in order: they may take longer, but keep no other request waiting. */
const combined = [
  'tag=common&tag=other',
  'era=old&tag=other&sort=name',
  'sort=status:asc,name:desc',
  'era=old&sort=size',
]

/** How often each page is read: what else the machine does only makes one slower, so the fastest counts. */
const rounds = 9

const bothClouds = (setting) =>
  setting.share('million images clouds', async () => {
    const clouds = []
    for (const count of [1000, 1_000_000]) {
      const cloud = await startManyImages(setting, count)
      setting.atEnd(cloud.close)
      clouds.push(cloud)
    }
    return clouds
  })

/** Measures each page of 25 images, for an admin and for projects, among 1,000 and among 1,000,000 images. */
const measured = (setting) =>
  setting.share('million images', async () => {
    const [few, many] = await bothClouds(setting)
    const rows = []
    const changed = { few: await newestImage(few.admin), many: await newestImage(many.admin) }
    await many.longestBlock()
    for (const who of views) {
      const markers = await deepMarkers(few, many, who)
      const queries = [
        ...single.map((query) => [query, false]),
        ['marker', false],
        ...combined.map((query) => [query, true]),
      ]
      for (const [query, isCombined] of queries) {
        const times = { few: [], many: [] }
        for (let round = -1; round < rounds; round += 1) {
          for (const [name, cloud] of Object.entries({ few, many })) {
            // The same page again would not be looked for again.
            await changeImage(cloud.admin, changed[name])
            const text = query === 'marker' ? `marker=${markers[name]}` : query
            const time = await timePage(cloud[who], text)
            if (round >= 0) times[name].push(time)
          }
        }
        const [short, long] = [Math.min(...times.few), Math.min(...times.many)]
        rows.push({ query, who, isCombined, short, long, ratio: long / short, block: await many.longestBlock() })
      }
    }
    return rows
  })

const pages = {
  name: 'million-images',
  figure: 'a page of 25 by each filter and sort key: time among 1,000,000 images / among 1,000, the slowest',
  target: { most: 3, unit: '×' },
  measure: async (setting) => {
    const rows = (await measured(setting)).filter(({ isCombined }) => !isCombined)
    for (const each of rows.toSorted((a, b) => b.ratio - a.ratio)) {
      console.error(`  ${each.ratio.toFixed(2)}×  ${each.who} ${each.query || '(all)'}: ${times(each)}`)
    }
    const worst = rows.reduce((a, b) => (b.ratio > a.ratio ? b : a))
    return { value: worst.ratio, detail: `${worst.who} ${worst.query || '(all)'}: ${times(worst)}` }
  },
}

const block = {
  name: 'million-images-block',
  figure: 'the longest time that such a page, or one by a combination, keeps other requests waiting',
  target: { most: 50, unit: ' ms' },
  measure: async (setting) => {
    const rows = await measured(setting)
    for (const each of rows.filter(({ isCombined }) => isCombined)) {
      console.error(`  ${each.ratio.toFixed(2)}×  ${each.who} ${each.query}: ${times(each)}`)
    }
    for (const each of rows.toSorted((a, b) => b.block - a.block).slice(0, 10)) {
      console.error(`  ${each.block.toFixed(0)} ms  ${each.who} ${each.query || '(all)'}`)
    }
    const worst = rows.reduce((a, b) => (b.block > a.block ? b : a))
    return { value: worst.block, detail: `${worst.who} ${worst.query || '(all)'}` }
  },
}

/** Uploads in turns to both clouds. */
const uploads = {
  name: 'million-images-upload',
  figure: 'create an image and upload 1 KiB: time among 1,000,000 images / among 1,000',
  target: { most: 1.5, unit: '×' },
  measure: async (setting) => {
    const clouds = await bothClouds(setting)
    const spent = clouds.map(() => [])
    for (let round = -20; round < 200; round += 1) {
      for (const [at, cloud] of clouds.entries()) {
        const time = await timeUpload(cloud.demo)
        if (round >= 0) spent[at].push(time)
      }
    }
    const [short, long] = spent.map(median)
    return { value: long / short, detail: times({ short, long }) }
  },
}

export const millionImages = [pages, block, uploads]

const times = ({ short, long }) => `${short.toFixed(2)} → ${long.toFixed(2)} ms`

/** An image in the middle of what the caller sees. */
async function deepMarkers(few, many, who) {
  const markers = {}
  for (const [name, cloud] of Object.entries({ few, many })) {
    const middle = new Date((1_500_000_000 + cloud.count / 2) * 1000).toISOString().slice(0, 19)
    const body = await page(cloud[who], `created_at=lt:${middle}&limit=1`)
    markers[name] = JSON.parse(body).images[0].id
  }
  return markers
}

async function newestImage(access) {
  return JSON.parse(await page(access, 'limit=1')).images[0].id
}

async function changeImage(access, id) {
  const change = JSON.stringify([{ op: 'replace', path: '/min_ram', value: 512 }])
  await send(access, 'PATCH', `/images/${id}`, 'application/openstack-images-v2.1-json-patch', change)
}

async function timePage(access, query) {
  const begin = performance.now()
  await page(access, query)
  return performance.now() - begin
}

async function timeUpload(access) {
  const begin = performance.now()
  const image = { name: 'upload', disk_format: 'raw', container_format: 'bare', tags: ['common'], os_distro: 'd1' }
  const { id } = JSON.parse(await send(access, 'POST', '/images', 'application/json', JSON.stringify(image)))
  await send(access, 'PUT', `/images/${id}/file`, 'application/octet-stream', Buffer.alloc(1024))
  return performance.now() - begin
}

const agent = new Agent({ keepAlive: true })

const page = (access, query) => send(access, 'GET', `/images?${encodeURI(query)}`)

async function send({ imageUrl, token }, method, path, type, body) {
  const headers = { 'x-auth-token': token, ...(type && { 'content-type': type }) }
  const sent = request(`${imageUrl}${path}`, { agent, method, headers })
  sent.end(body)
  const [response] = await once(sent, 'response')
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text += chunk
  if (response.statusCode >= 300) throw new Error(`${method} ${path}: ${response.statusCode} ${text}`)
  return text
}
