import { connect } from '@tyrax/sdk'
import { expect, test } from 'vitest'
import { exchange } from '../../contracts/wire.js'
import { failure, faultyCloud } from '../faulty-cloud.js'

test.each(['', '/', '/v2', '/v2/', '/v2.17'])(
  'M5: an image endpoint that ends in "%s" works, below a prefix too',
  async (end) => {
    await using under = await faultyCloud({})
    const bare = await under.another({ imageEndpointOverride: `${under.image.url}${end}` })
    expect((await bare.images.list()).items).toEqual([])
    expect(under.image.requests.map((each) => each.path.split('?')[0])).toEqual(['/v2/images'])
  },
)

test('M6: a token that is revoked early brings one new token, and the call succeeds', async () => {
  await using under = await faultyCloud({})
  const token = String(await under.cloud.token())
  const headers = { 'x-auth-token': token, 'x-subject-token': token }
  await exchange('DELETE', `${under.identity.url}/v3/auth/tokens`, { headers })
  const before = under.identity.requests.length
  expect((await under.cloud.images.list()).items).toEqual([])
  expect(under.identity.requests.slice(before).filter(({ method }) => method === 'POST')).toHaveLength(1)
})

test('M6: a region that the catalogue does not have is named, with the service', async () => {
  await using under = await faultyCloud({})
  const auth = { username: 'demo', password: 'secret', projectName: 'demo', authUrl: under.identity.url }
  await using lost = await connect({ auth, region: 'Nowhere' })
  const error = await failure(Promise.resolve(lost.images.list()))
  expect(error).toMatchObject({ name: 'EndpointNotFoundError', message: expect.stringMatching(/image.*Nowhere/) })
})
