import { open } from 'node:fs/promises'
import path from 'node:path'

const cluster = 65_536

/** A valid, empty qcow2 of 100 GiB whose file is as long as its disk, and nearly all a hole. */
export const sparseQcow2 = (setting) =>
  setting.share('sparse qcow2', async () => {
    const bytes = 100 * 1024 ** 3
    const head = Buffer.alloc(4 * cluster)
    head.write('QFI\xfb', 'latin1')
    head.writeUInt32BE(3, 4)
    head.writeUInt32BE(16, 20)
    head.writeBigUInt64BE(BigInt(bytes), 24)
    // One first-level entry per 8192 clusters of a guest, all of them empty.
    head.writeUInt32BE(bytes / (cluster * 8192), 36)
    head.writeBigUInt64BE(BigInt(3 * cluster), 40)
    head.writeBigUInt64BE(BigInt(cluster), 48)
    head.writeUInt32BE(1, 56)
    head.writeUInt32BE(4, 96)
    head.writeUInt32BE(104, 100)
    head.writeBigUInt64BE(BigInt(2 * cluster), cluster)
    for (let index = 0; index < 4; index += 1) head.writeUInt16BE(1, 2 * cluster + 2 * index)
    const file = path.join(setting.folder, 'sparse.qcow2')
    const handle = await open(file, 'w')
    await handle.write(head)
    await handle.truncate(bytes)
    await handle.close()
    return file
  })
