// Lists all images with the SDK; prints `{ count, seconds }`, signing in not included. Input: `{ cloudsYaml, cloud, name }`.
import { connect, processContext } from '@tyrax/sdk'

const { cloudsYaml, cloud: entry, name } = JSON.parse(process.argv[2])
const env = { OS_CLIENT_CONFIG_FILE: cloudsYaml }
const cloud = await connect({ cloud: entry, configContext: { ...processContext(), env } })
await cloud.token()
const start = performance.now()
const images = await cloud.images.listAll({ name })
const seconds = (performance.now() - start) / 1000
await cloud.close()
console.log(JSON.stringify({ count: new Set(images.map(({ id }) => id)).size, seconds }))
