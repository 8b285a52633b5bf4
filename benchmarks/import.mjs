import { setTimeout as sleep } from 'node:timers/promises'
import { curlUpload, makeImage, removeImage } from './support/images.mjs'
import { GiB } from './support/setting.mjs'
import { interleave } from './support/statistics.mjs'

export const name = 'import'
export const figure = 'import of 1 GiB into the embedded cloud (stage by curl, glance-direct) / plain upload by curl'
export const target = { most: 1.2, unit: '×' }

export async function measure(setting) {
  const { access } = await setting.embedded()
  const file = await setting.randomFile(GiB)
  const withImage = async (work) => {
    const id = await makeImage(access)
    const start = performance.now()
    await work(id)
    const seconds = (performance.now() - start) / 1000
    await removeImage(access, id)
    return seconds
  }
  const { ours, theirs } = await interleave(
    5,
    () =>
      withImage(async (id) => {
        await curlUpload(access, id, file, 'stage')
        await importStaged(access, id)
      }),
    () => withImage((id) => curlUpload(access, id, file)),
    { warmUp: true },
  )
  return { value: ours / theirs, detail: `${ours.toFixed(2)} s against ${theirs.toFixed(2)} s` }
}

/** Resolves when the image is active. */
async function importStaged({ token, imageUrl }, id) {
  const headers = { 'x-auth-token': token, accept: 'application/json', connection: 'close' }
  const started = await fetch(`${imageUrl}/images/${id}/import`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ method: { name: 'glance-direct' } }),
  })
  if (started.status !== 202) throw new Error(`no import: ${started.status} ${await started.text()}`)
  for (;;) {
    const { status } = await (await fetch(`${imageUrl}/images/${id}`, { headers })).json()
    if (status === 'active') return
    if (status === 'queued') throw new Error('the import failed')
    await sleep(5)
  }
}
