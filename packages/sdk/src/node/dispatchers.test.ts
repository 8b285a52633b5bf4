import { expect, test } from 'vitest'
import { createDispatchers } from './dispatchers.js'

test('authorities that could not be read are read again for the next request, and do not keep it from closing', async () => {
  let reads = 0
  const dispatchers = createDispatchers({
    insecure: false,
    env: {},
    caWhenNeeded: () => {
      reads += 1
      return reads === 1 ? Promise.reject(new Error('the disk reports an error')) : Promise.resolve(undefined)
    },
  })
  const timeouts = { connectTimeoutMs: 1000, headersTimeoutMs: 1000, idleTimeoutMs: 1000 }
  const choose = () => dispatchers.choose({ url: new URL('https://images.example/'), timeouts })
  const first = choose()
  const closing = dispatchers.close()
  await expect(first).rejects.toThrow('the disk reports an error')
  await closing
  await choose()
  await dispatchers.close()
  expect(reads).toBe(2)
})
