// What a program does with the SDK, for every runtime alike: `node scenario.mjs NAME JSON`, or with bun, or with
// `deno run -A`. Prints one line of JSON, and must then end by itself.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { connect, createUndiciTransport, fromFile, fromStream } from '@tyrax/sdk'

const limits = { connectTimeoutMs: 20_000, headersTimeoutMs: 20_000, idleTimeoutMs: 20_000 }

const scenarios = { get, put, transfer, goOn, abandon, unpack }
const [name, input] = process.argv.slice(2)
process.stdout.write(`${JSON.stringify(await scenarios[name](JSON.parse(input)))}\n`)

/** One request by a transport of these options. */
async function get({ url, options = {}, timeouts = {}, keepEncoding }) {
  const transport = createUndiciTransport({ env: {}, ...options })
  try {
    const headers = { 'x-auth-token': 'secret', 'accept-encoding': 'identity' }
    const request = { method: 'GET', url: new URL(url), headers, keepEncoding, timeouts: { ...limits, ...timeouts } }
    return await received(await transport.send(request))
  } catch (error) {
    return said(error)
  } finally {
    await transport.close()
  }
}

/** Sends a body of known size as a stream. */
async function put({ url, mebibytes, timeouts = {} }) {
  const transport = createUndiciTransport({ env: {} })
  const peak = { asked: 0 }
  const stream = (async function* () {
    for (let count = 0; count < mebibytes; count += 1) {
      peak.asked = count + 1
      yield new Uint8Array(1024 * 1024).fill(count)
    }
  })()
  const body = { stream, size: mebibytes * 1024 * 1024 }
  try {
    const request = { method: 'PUT', url: new URL(url), headers: {}, body, timeouts: { ...limits, ...timeouts } }
    return { ...(await received(await transport.send(request))), ...peak }
  } catch (error) {
    return { ...said(error), ...peak }
  } finally {
    await transport.close()
  }
}

async function received({ status, headers, undone, body }) {
  const chunks = []
  for await (const chunk of body) chunks.push(Buffer.from(chunk))
  return { status, length: headers.get('content-length'), undone, body: Buffer.concat(chunks).toString('latin1') }
}

/** Up, into the list, down again, and away; the cloud is the one of `OS_CLOUD` or of the OS_* variables. */
async function transfer({ file, to }) {
  const cloud = await connect()
  const made = await cloud.images.create({ name: 'across', diskFormat: 'raw', data: fromFile(file) })
  const { items } = await cloud.images.list({ name: 'across' })
  const fetched = await cloud.images.download(made.id, { to })
  await cloud.images.delete(made.id)
  await cloud.close()
  return {
    verdicts: [made.verdict, fetched.verdict],
    listed: items.map(({ id }) => id === made.id),
    isSame: (await digestOf(file)) === (await digestOf(to)),
  }
}

/** A download that is given up in its middle, and goes on from what it left. */
async function goOn({ file, to }) {
  const cloud = await connect()
  const { id } = await cloud.images.create({ name: 'in two parts', diskFormat: 'raw', data: fromFile(file) })
  const stop = new AbortController()
  const onProgress = ({ bytes }) => {
    if (bytes > 30_000_000) stop.abort()
  }
  const first = await cloud.images.download(id, { to, onProgress, signal: stop.signal }).catch(said)
  const fetched = await cloud.images.download(id, { to })
  await cloud.images.delete(id)
  await cloud.close()
  return {
    first: first.name,
    verdict: fetched.verdict,
    isResumed: fetched.resumedBytes > 0,
    isSame: (await digestOf(file)) === (await digestOf(to)),
  }
}

/** What is compressed goes up as what is in it. */
async function unpack({ files }) {
  const cloud = await connect()
  const sizes = []
  for (const file of files) {
    const image = await cloud.images.create({ name: 'unpacked', diskFormat: 'raw', data: fromFile(file), force: true })
    sizes.push(`${image.size} ${image.verdict}`)
    await cloud.images.delete(image.id)
  }
  await cloud.close()
  return sizes
}

/** An upload that is given up while its source is silent, and leaves nothing in the cloud. */
async function abandon() {
  const cloud = await connect()
  const stop = new AbortController()
  const stream = (async function* () {
    yield new Uint8Array(1024 * 1024)
    stop.abort()
    await new Promise(() => undefined)
  })()
  const data = fromStream(stream, { size: 8 * 1024 * 1024 })
  const options = { name: 'given up', diskFormat: 'raw', data, signal: stop.signal }
  const { name } = await cloud.images.create(options).catch(said)
  const { items } = await cloud.images.list({ name: 'given up' })
  await cloud.close()
  return { name, left: items.length }
}

async function digestOf(file) {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk)
  return hash.digest('hex')
}

function said({ name, message, reason, limit }) {
  return { name, message, reason, limit }
}
