import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { metered, meterProgress, type Progress } from './progress.js'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => void vi.useRealTimers())

function recorded() {
  const reports: Progress[] = []
  return {
    reports,
    bytes: () => reports.map(({ bytes }) => bytes),
    onProgress: (each: Progress) => void reports.push(each),
  }
}

test('what moves between two reports is reported, also when nothing moves afterwards', () => {
  const { bytes, onProgress } = recorded()
  const meter = meterProgress(onProgress, 'download', { total: 100 })
  meter.add(10)
  meter.add(20)
  expect(bytes()).toEqual([0])
  vi.advanceTimersByTime(100)
  expect(bytes()).toEqual([0, 30])
  meter.add(1)
  meter.end()
  expect(bytes()).toEqual([0, 30, 31])
  vi.advanceTimersByTime(1000)
  expect(bytes()).toEqual([0, 30, 31])
  meter.add(4)
  expect(bytes()).toEqual([0, 30, 31, 35])
})

test('nothing is reported after a phase that failed', async () => {
  const { bytes, onProgress } = recorded()
  const failing = metered(onProgress, 'upload', {}, (meter) => {
    meter.add(10)
    return Promise.reject(new Error('broken off'))
  })
  await expect(failing).rejects.toThrow('broken off')
  vi.advanceTimersByTime(1000)
  expect(bytes()).toEqual([0])
})

test('bytes that were there before count, but not for the speed', () => {
  const { reports, onProgress } = recorded()
  const meter = meterProgress(onProgress, 'download', { total: 1000, start: 400 })
  meter.end()
  expect(reports).toEqual([
    { phase: 'download', bytes: 400, total: 1000, bytesPerSecond: 0, etaSeconds: undefined },
    { phase: 'download', bytes: 400, total: 1000, bytesPerSecond: 0, etaSeconds: undefined },
  ])
  vi.advanceTimersByTime(2000)
  meter.add(300)
  expect(reports.at(-1)).toMatchObject({ bytes: 700, bytesPerSecond: 150, etaSeconds: 2 })
  meter.restart()
  expect(reports.at(-1)).toMatchObject({ bytes: 0, bytesPerSecond: 0 })
})

test('an error of the callback ends the transfer, whenever it is thrown', async () => {
  const onProgress = ({ bytes }: Progress) => {
    if (bytes > 0) throw new Error('of the callback')
  }
  const transfer = metered(onProgress, 'download', {}, async (meter) => {
    meter.add(1)
    await vi.advanceTimersByTimeAsync(100)
    meter.add(1)
    throw new Error('not reached')
  })
  await expect(transfer).rejects.toThrow('of the callback')
})
