import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { startCloud, type FaultPlan } from '@tyrax/server'
import { randomDisk, startFaultServer } from '@tyrax/testkit'
import { expect, test } from 'vitest'
import { makeHome } from '../testing/home.js'
import { run } from '../testing/in-process.js'

const data = randomDisk(3_000_000)

/** A cloud with an image, an object and a large object, whose data arrives as the plans specify. */
async function scene(plan: FaultPlan) {
  const cloud = await startCloud({ port: 0 })
  const home = await makeHome()
  const image = await startFaultServer({ upstream: cloud.imageUrl, plan })
  const objects = await startFaultServer({ upstream: `${cloud.url}/object-store`, plan })
  const env = {
    OS_CLIENT_CONFIG_FILE: path.join(home, 'clouds.yaml'),
    OS_CLOUD: 'demo',
    OS_IMAGE_ENDPOINT_OVERRIDE: `${image.url}/v2`,
    OS_OBJECT_STORE_ENDPOINT_OVERRIDE: `${objects.url}/v1/AUTH_%(project_id)s`,
  }
  await writeFile(path.join(home, 'clouds.yaml'), cloud.cloudsYaml, { mode: 0o600 })
  await writeFile(path.join(home, 'd'), data)
  const tyrax = (...argv: string[]) => run(home, argv, { env })
  for (const argv of [
    ['create', 'd', '--file', 'd', '--disk-format', 'raw'],
    ['object', 'container', 'create', 'c'],
    ['object', 'put', 'c/d', '--file', 'd'],
    ['object', 'put', 'c/large', '--file', 'd', '--segment-size', '1M'],
  ])
    expect(await tyrax(...argv)).toMatchObject({ exitCode: 0 })
  return {
    tyrax,
    got: () => readFile(path.join(home, 'got')),
    files: async () => (await readdir(home)).filter((name) => name.startsWith('got')),
    async [Symbol.asyncDispose]() {
      await image.close()
      await objects.close()
      await cloud.close()
    },
  }
}

const kinds = [
  ['download', ['download', 'd'], '/file$'],
  ['object get', ['object', 'get', 'c/d'], '/c/d$'],
  ['object get of a large object', ['object', 'get', 'c/large'], '/c/large$'],
] as const

test.each(kinds)('%s fetches once more what came damaged, and says so', async (_what, argv, at) => {
  const match = { method: 'GET', path: at, headers: { range: '^$' }, nth: 1 }
  await using here = await scene([{ match, fault: { type: 'corrupt', atResponseByte: 2_000_000 } }])
  const ran = await here.tyrax(...argv, '-o', 'got', '-f', 'value', '-c', 'verdict')
  expect(ran).toMatchObject({ exitCode: 0, stdout: 'verified\n' })
  expect(ran.stderr).toContain('warning: the data arrived damaged and is fetched again: what was received is not')
  expect((await here.got()).equals(data)).toBe(true)
  expect(await here.files()).toEqual(['got'])
})

test.each(kinds)('%s ends with exit code 6 and no file when the bytes come damaged again', async (_what, argv, at) => {
  const match = { method: 'GET', path: at }
  await using here = await scene([{ match, fault: { type: 'corrupt', atResponseByte: 2_000_000 } }])
  const ran = await here.tyrax(...argv, '-o', 'got')
  expect(ran).toMatchObject({ exitCode: 6 })
  expect(ran.stderr.match(/arrived damaged/g)).toHaveLength(1)
  expect(await here.files()).toEqual([])
  expect(await here.tyrax(...argv, '-o', '-')).toMatchObject({ exitCode: 6 })
})
