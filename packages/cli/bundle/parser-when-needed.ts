import { fileURLToPath } from 'node:url'

const file = '/undici/lib/dispatcher/client-h1.js'

const plainResponse = JSON.stringify(fileURLToPath(new URL('plain-response.cjs', import.meta.url)))

/** What undici does, and what it does instead. */
const changes = [
  [
    `const constants = require('../llhttp/constants.js')`,
    `const constants = { TYPE: { RESPONSE: 2 }, ERROR: { OK: 0, PAUSED: 21, PAUSED_UPGRADE: 22 } }`,
  ],
  [`constants.ERROR[ret]`, `require('../llhttp/constants.js').ERROR[ret]`],
  [
    `  if (!llhttpInstance) {
    llhttpInstance = lazyllhttp()
  }

  if (socket.errored)`,
    `  if (socket.errored)`,
  ],
  [
    `  constructor (client, socket, { exports }) {
    this.llhttp = exports
    this.ptr = this.llhttp.llhttp_alloc(constants.TYPE.RESPONSE)
`,
    `  get llhttp () {
    llhttpInstance ??= lazyllhttp()
    return llhttpInstance.exports
  }
  get ptr () {
    if (this.allocated === undefined) this.allocated = this.llhttp.llhttp_alloc(constants.TYPE.RESPONSE)
    return this.allocated
  }
  set ptr (value) {
    this.allocated = value
  }
  constructor (client, socket) {
    this.allocated = undefined
    this.left = undefined
`,
  ],
  [
    `    assert(this.ptr != null)
    assert(currentParser === null)

    this.llhttp.llhttp_resume(this.ptr)
`,
    `    assert(this.allocated !== null)
    assert(currentParser === null)

    if (this.allocated !== undefined) this.llhttp.llhttp_resume(this.ptr)
`,
  ],
  [`while (!this.paused && this.ptr) {`, `while (!this.paused && this.allocated !== null) {`],
  [
    `    assert(this.ptr != null)
    assert(!this.paused)

    const { socket, llhttp } = this

    // Allocate a new`,
    `    assert(this.allocated !== null)
    assert(!this.paused)

    if (this.allocated === undefined) {
      const { client, socket } = this
      try {
        const request = client[kQueue][client[kRunningIdx]]
        const read = require(${plainResponse}).readPlain(this, chunk, request)
        if (this.paused) {
          socket.unshift(chunk.subarray(read))
          return
        }
        if (read === chunk.length) return
        chunk = chunk.subarray(read)
      } catch (err) {
        util.destroy(socket, err)
        return
      }
    }

    const { socket, llhttp } = this

    // Allocate a new`,
  ],
  [
    `    assert(this.ptr != null)
    assert(!this.paused)

    const { llhttp } = this

    let ret
`,
    `    assert(this.allocated !== null)
    assert(!this.paused)

    if (this.allocated === undefined) return this.left ? new ResponseContentLengthMismatchError() : null

    const { llhttp } = this

    let ret
`,
  ],
  [
    `    assert(currentParser === null)
    assert(this.ptr != null)

    this.llhttp.llhttp_free(this.ptr)
`,
    `    assert(currentParser === null)
    assert(this.allocated !== null)

    if (this.allocated !== undefined) this.llhttp.llhttp_free(this.ptr)
`,
  ],
] as const

/** Compiles undici's HTTP parser, which is WebAssembly, for the first response that is not plain. */
export const parserWhenNeeded = {
  name: 'parser-when-needed',
  transform(code: string, id: string): string | undefined {
    if (!id.endsWith(file)) return undefined
    return changes.reduce((changed, [from, to]) => {
      if (changed.split(from).length !== 2) throw new Error(`undici has changed: ${file} lacks ${from}`)
      return changed.replace(from, () => to)
    }, code)
  },
}
