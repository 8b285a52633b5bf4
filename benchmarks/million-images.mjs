import { once } from 'node:events'
import { Agent, get } from 'node:http'
import { startManyImages } from './support/many-images.mjs'
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

/** Measures each page of 25 images, for an admin and for a project, among 1,000 and among 1,000,000 images. */
const measured = (setting) =>
  setting.share('million images', async () => {
    const clouds = []
    for (const count of [1000, 1_000_000]) {
      const cloud = await startManyImages(setting, count)
      setting.atEnd(cloud.close)
      clouds.push(cloud)
    }
    const [few, many] = clouds
    const rows = []
    await many.longestBlock()
    for (const who of ['admin', 'demo']) {
      const markers = await deepMarkers(few, many, who)
      const queries = [
        ...single.map((query) => [query, false]),
        ['marker', false],
        ...combined.map((query) => [query, true]),
      ]
      for (const [query, isCombined] of queries) {
        const times = { few: [], many: [] }
        for (let round = -1; round < 5; round += 1) {
          for (const [name, cloud] of Object.entries({ few, many })) {
            const text = query === 'marker' ? `marker=${markers[name]}` : query
            const time = await timePage(cloud[who], text)
            if (round >= 0) times[name].push(time)
          }
        }
        const [short, long] = [median(times.few), median(times.many)]
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
    for (const each of rows) {
      console.error(`  ${each.who} ${each.query || '(all)'}: ${each.ratio.toFixed(2)}×, ${times(each)}`)
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
    for (const each of rows) {
      if (each.isCombined)
        console.error(`  ${each.who} ${each.query}: ${times(each)}, blocks ${each.block.toFixed(0)} ms`)
    }
    const worst = rows.reduce((a, b) => (b.block > a.block ? b : a))
    return { value: worst.block, detail: `${worst.who} ${worst.query || '(all)'}` }
  },
}

export const millionImages = [pages, block]

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

async function timePage(access, query) {
  const begin = performance.now()
  await page(access, query)
  return performance.now() - begin
}

const agent = new Agent({ keepAlive: true })

async function page({ imageUrl, token }, query) {
  const request = get(`${imageUrl}/images?${encodeURI(query)}`, { agent, headers: { 'x-auth-token': token } })
  const [response] = await once(request, 'response')
  let body = ''
  for await (const chunk of response.setEncoding('utf8')) body += chunk
  if (response.statusCode !== 200) throw new Error(`${query}: ${response.statusCode} ${body}`)
  return body
}
