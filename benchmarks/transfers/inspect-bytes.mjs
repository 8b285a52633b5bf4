import { readFile } from 'node:fs/promises'
import { fromFile, inspectSource } from '@tyrax/sdk'
import { sparseQcow2 } from '../support/sparse-qcow2.mjs'

export const name = 'inspect-bytes'
export const figure = 'read by this process to inspect a sparse qcow2 of 100 GiB'
export const target = { most: 2, unit: ' MiB' }

export async function measure(setting) {
  const file = await sparseQcow2(setting)
  const before = await readSoFar()
  const { format, virtualSizeBytes, safety, readBytes } = await inspectSource(fromFile(file))
  const read = (await readSoFar()) - before
  if (format !== 'qcow2' || virtualSizeBytes !== 100 * 1024 ** 3 || !safety.safe) throw new Error('not what it is')
  return { value: read / 1024 ** 2, detail: `${readBytes} bytes of the image, ${read} in all` }
}

/** The number of bytes that all reads of this process have returned, as the kernel counts them. */
async function readSoFar() {
  return Number(/^rchar: (\d+)$/m.exec(await readFile('/proc/self/io', 'utf8'))[1])
}
