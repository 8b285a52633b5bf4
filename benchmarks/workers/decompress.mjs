// Decompresses a file as a transfer does, and prints the number of seconds.
import { createReadStream } from 'node:fs'
import { nodeDecoder } from '../../packages/sdk/dist/node/decompress/node-decoder.js'

const { compression, file } = JSON.parse(process.argv[2])
const start = performance.now()
let bytes = 0
for await (const piece of nodeDecoder(compression)(createReadStream(file, { highWaterMark: 1024 ** 2 }), file)) {
  bytes += piece.byteLength
}
process.stdout.write(JSON.stringify({ seconds: (performance.now() - start) / 1000, bytes }))
