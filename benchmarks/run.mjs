// Measures tyrax against its peers on this machine: `npm run bench`, or `npm run bench -- NAME…` for some of the
// figures, each by its name or that of its group. TYRAX_BENCH_MIB is the size of the images of the group `transfers`.
// Every figure is a ratio, a time or a size from this one run; only temporary files are written.
import { openSetting } from './support/setting.mjs'
import { copies } from './copy.mjs'
import { decompress } from './decompress.mjs'
import * as embeddedUpload from './embedded-upload.mjs'
import * as getImage from './get-image.mjs'
import * as importing from './import.mjs'
import * as listAll from './list-all.mjs'
import * as installed from './installed.mjs'
import * as listCommand from './list-command.mjs'
import * as listImages from './list-images.mjs'
import * as listTenThousand from './list-ten-thousand.mjs'
import * as memory from './memory.mjs'
import { millionImages } from './million-images.mjs'
import * as ready from './ready.mjs'
import { runtimes } from './runtimes.mjs'
import { startUps } from './start-up.mjs'
import { transfers } from './transfers/index.mjs'

const [version] = startUps
const groups = {
  slice: [version, ready, listCommand, listAll, getImage, listImages, embeddedUpload, importing, memory],
  cli: [...startUps, listCommand, listTenThousand, installed],
  millions: millionImages,
  transfers,
  runtimes,
  copies,
  decompress,
}
const figures = [...new Set(Object.values(groups).flat())]

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in groups) && !figures.some((each) => each.name === name))
if (unknown.length > 0) {
  const names = Object.entries(groups).map(([group, each]) => `${group} (${each.map(({ name }) => name).join(', ')})`)
  console.error(`no figure is called ${unknown.join(', ')}: there are ${names.join(' and ')}`)
  process.exit(2)
}
const isWanted = (figure) =>
  wanted.length === 0 || wanted.some((name) => name === figure.name || groups[name]?.includes(figure))

const setting = await openSetting((line) => console.error(line))
const stop = new AbortController()
process.once('SIGINT', () => stop.abort())
process.once('SIGTERM', () => stop.abort())
try {
  for (const { name, figure, target, measure } of figures.filter(isWanted)) {
    stop.signal.throwIfAborted()
    console.error(`measuring ${name}`)
    try {
      const { value, detail } = await measure(setting)
      console.log(
        row(figure, `${round(value)}${target.unit} (${detail})`, aim(target), reached(value, target) ? 'ok' : 'short'),
      )
    } catch (error) {
      console.log(row(figure, `failed: ${error.message}`, aim(target), 'failed'))
      process.exitCode = 1
    }
  }
} finally {
  await setting.close()
}

function row(...cells) {
  return cells.join(' | ')
}

function aim({ most, least, unit }) {
  return most === undefined ? `≥ ${least}${unit}` : `≤ ${most}${unit}`
}

function reached(value, { most = Infinity, least = -Infinity }) {
  return value <= most && value >= least
}

function round(value) {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2)
}
