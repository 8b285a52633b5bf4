// Loaded with `node --import` into a server: on SIGUSR2 it writes the longest time that the event loop was kept busy since
// the last signal, in milliseconds, to the file of TYRAX_BENCH_LOOP_DELAY.
import { renameSync, writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

const file = process.env.TYRAX_BENCH_LOOP_DELAY
const delay = monitorEventLoopDelay({ resolution: 1 })
delay.enable()
process.on('SIGUSR2', () => {
  writeFileSync(`${file}.new`, String(delay.max / 1e6))
  delay.reset()
  renameSync(`${file}.new`, file)
})
