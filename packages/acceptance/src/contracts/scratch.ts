import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { jsonPatchV21, octetStream, type WireImage } from '@tyrax/protocol'
import type { Account, ContractTarget } from './target.js'
import type { Answer, WireRequest } from './wire.js'

/** What a contract test works with: the cloud, and methods to create things that are removed afterwards. */
export interface Scratch {
  readonly target: ContractTarget
  readonly demo: Account
  readonly alt: Account
  readonly admin: Account
  /** A unique name. */
  name(): string
  /** Creates an image record and returns it. */
  image(fields?: Record<string, unknown>, owner?: Account): Promise<WireImage>
  /** Creates an image and uploads its data. */
  activeImage(data?: Uint8Array, fields?: Record<string, unknown>, owner?: Account): Promise<WireImage>
  /** Creates a container and returns its name; it is removed with its content. */
  container(): Promise<string>
  /** Removes an image that the test created itself, together with the rest. */
  track(owner: Account, id: string): void
  /** Runs a cleanup after the test. */
  later(cleanUp: () => Promise<unknown>): void
}

/**
 * Registers a suite of tests on a cloud. Each test identifies its own things by unique names, whatever else is there,
 * and what it creates through the scratch is removed after it.
 */
export function contractSuite(
  title: string,
  makeTarget: () => Promise<ContractTarget>,
  register: (scratch: Scratch) => void,
): void {
  describe(title, () => {
    let target: ContractTarget | undefined
    let cleanUps: (() => Promise<unknown>)[] = []
    const cloud = () => {
      if (target === undefined) throw new Error('the cloud is used before it was made')
      return target
    }
    beforeAll(async () => {
      target = await makeTarget()
    })
    afterAll(async () => {
      await target?.close()
    })
    afterEach(async () => {
      const due = cleanUps.toReversed()
      cleanUps = []
      for (const cleanUp of due) await cleanUp()
    })
    const track = (owner: Account, id: string) => {
      cleanUps.push(() => removeImage(owner, id))
    }
    const image: Scratch['image'] = async (fields = {}, owner = cloud().demo) => {
      const answer = await owner.image('POST', '/v2/images', { json: fields })
      if (answer.status !== 201) throw new Error(`no image made: ${answer.status} ${answer.text}`)
      const made = answer.json<WireImage>()
      track(owner, made.id)
      return made
    }
    register({
      get target() {
        return cloud()
      },
      get demo() {
        return cloud().demo
      },
      get alt() {
        return cloud().alt
      },
      get admin() {
        return cloud().admin
      },
      name: scratchName,
      image,
      track,
      async container() {
        const { demo } = cloud()
        const name = scratchName()
        expectStatus(await demo.object('PUT', `/${name}`), 201)
        cleanUps.push(async () => {
          const objects = await demo.object('GET', `/${name}`)
          for (const each of objects.text.split('\n').filter(Boolean))
            await demo.object('DELETE', `/${name}/${encodeURIComponent(each)}`)
          await demo.object('DELETE', `/${name}`)
        })
        return name
      },
      later: (cleanUp) => {
        cleanUps.push(cleanUp)
      },
      async activeImage(data = Buffer.from('some data'), fields = {}, owner = cloud().demo) {
        const made = await image({ disk_format: 'raw', container_format: 'bare', ...fields }, owner)
        const sent = await putData(owner, made.id, data)
        if (sent.status !== 204) throw new Error(`no data stored: ${sent.status} ${sent.text}`)
        return (await owner.image('GET', `/v2/images/${made.id}`)).json<WireImage>()
      },
    })
  })
}

const scratchName = () => `contract-${randomUUID()}`

/** Uploads an image's data. */
export function putData(caller: Account, id: string, data: WireRequest['body'], headers = {}): Promise<Answer> {
  return caller.image('PUT', `/v2/images/${id}/file`, {
    body: data,
    headers: { 'content-type': octetStream, ...headers },
  })
}

/** Sends operations in the v2.1 dialect of JSON Patch. */
export function patch(caller: Account, id: string, operations: unknown, contentType = jsonPatchV21): Promise<Answer> {
  return caller.image('PATCH', `/v2/images/${id}`, { json: operations, headers: { 'content-type': contentType } })
}

async function removeImage(owner: Account, id: string): Promise<void> {
  const first = await owner.image('DELETE', `/v2/images/${id}`)
  if (first.status === 403) {
    await patch(owner, id, [{ op: 'replace', path: '/protected', value: false }])
    await owner.image('DELETE', `/v2/images/${id}`)
  }
}

/** Fails with the whole response when its status is not the expected one. */
export function expectStatus(answer: Answer, status: number): void {
  expect(`${answer.status} ${answer.status === status ? '' : answer.text}`.trim()).toBe(String(status))
}
