import { rm } from 'node:fs/promises'
import path from 'node:path'
import { findRuntimes } from '@tyrax/testkit'
import { run } from './support/process.mjs'
import { interleave } from './support/statistics.mjs'

const bytes = 100_000_000
const worker = new URL('./workers/transfer.mjs', import.meta.url).pathname

export const runtimes = ['bun', 'deno'].flatMap((name) => [
  figureOf(`${name}-upload`, `verified upload of 100 MB to the embedded cloud on ${name} / on node`, name, upload),
  figureOf(
    `${name}-download`,
    `verified download of 100 MB from the embedded cloud on ${name} / on node`,
    name,
    download,
  ),
])

function figureOf(name, figure, runtime, prepare) {
  return {
    name,
    figure,
    target: { most: 2, unit: '×' },
    measure: async (setting) => {
      const known = await findRuntimes()
      const measured = await prepare(setting)
      const { ours, theirs } = await interleave(
        5,
        () => measured(known[runtime]),
        () => measured(known.node),
        { warmUp: true },
      )
      return { value: ours / theirs, detail: `${ours.toFixed(2)} s against ${theirs.toFixed(2)} s, medians of 5` }
    },
  }
}

async function upload(setting) {
  const { access } = await setting.embedded()
  const file = await setting.randomFile(bytes)
  return async (runtime) => (await transfer(runtime, { ...access, upload: file })).seconds
}

async function download(setting) {
  const { access } = await setting.embedded()
  const known = await findRuntimes()
  const { id } = await transfer(known.node, { ...access, upload: await setting.randomFile(bytes) })
  const file = path.join(setting.folder, 'by-runtime.raw')
  return async (runtime) => {
    const { seconds } = await transfer(runtime, { ...access, download: { id, file } })
    await rm(file, { force: true })
    return seconds
  }
}

async function transfer({ command, args }, input) {
  const { stdout } = await run(command, [...args, worker, JSON.stringify(input)])
  return JSON.parse(stdout)
}
