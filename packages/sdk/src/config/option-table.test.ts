import { expect, test } from 'vitest'
import { connect as connectInBrowser } from '../browser/connect.js'
import { connect } from '../node/connect.js'
import { refuseUnknownOptions } from './option-table.js'

const auth = { authUrl: 'http://127.0.0.1:9', username: 'u', password: 'p' }

test.each([connect, connectInBrowser])(
  'a name that is no option is refused before anything is sent',
  async (connect) => {
    const options = { auth, regionName: 'RegionTwo', retires: 3 }
    await expect(connect(options)).rejects.toMatchObject({
      name: 'UsageError',
      message: 'connect has no option regionName, retires',
      hint: expect.stringContaining('region, interface'),
    })
  },
)

test('what is undefined was not given', () => {
  const options: object = { auth, regionName: undefined }
  expect(() => refuseUnknownOptions(options)).not.toThrow()
})

test('options of another runtime and of no cloud are options', () => {
  expect(() => refuseUnknownOptions({ maxBufferedBytes: 1, cloud: 'c', transfers: {} })).not.toThrow()
  // @ts-expect-error -- an options type with a name that is missing from the table does not compile
  expect(() => refuseUnknownOptions({ cloud: 'c', unheardOf: 1 })).toThrow('connect has no option unheardOf')
})
