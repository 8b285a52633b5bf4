import { sizeText } from '../support/setting.mjs'
import { median } from '../support/statistics.mjs'
import { together } from '../support/together.mjs'

export const name = 'eight-at-once'
export const figure =
  'throughput of 8 images at once with the embedded cloud / of the same one after the other, the worse of up and down'
export const target = { least: 0.9, unit: '×' }

export async function measure(setting) {
  const { rates } = await together(setting)
  const [up, down] = ['up', 'down'].map((way) => ({ eight: median(rates.eight[way]), one: median(rates.one[way]) }))
  const text = ({ eight, one }) => `${eight.toFixed(0)} against ${one.toFixed(0)} MiB/s`
  return {
    value: Math.min(up.eight / up.one, down.eight / down.one),
    detail: `${sizeText(setting.bytes / 4)} each: up ${text(up)}, down ${text(down)}`,
  }
}
