import { describe, expect, test } from 'vitest'
import { begun } from './content.js'

/** A source of bytes that records when it is closed. */
function source() {
  const closed: string[] = []
  async function* bytes(): AsyncGenerator<Uint8Array> {
    try {
      for (const byte of [1, 2, 3]) yield await Promise.resolve(new Uint8Array([byte]))
    } finally {
      closed.push('closed')
    }
  }
  return { bytes: bytes(), closed }
}

describe('bytes that have begun', () => {
  test('are all there', async () => {
    const { bytes, closed } = source()
    const read: number[] = []
    for await (const chunk of await begun(bytes)) read.push(...chunk)
    expect([read, closed]).toEqual([[1, 2, 3], ['closed']])
  })

  test('are closed when they are given up before one is taken, or after', async () => {
    for (const taken of [0, 1]) {
      const { bytes, closed } = source()
      const iterator = (await begun(bytes))[Symbol.asyncIterator]()
      for (let at = 0; at < taken; at += 1) await iterator.next()
      await iterator.return?.()
      expect(closed).toEqual(['closed'])
    }
  })
})
