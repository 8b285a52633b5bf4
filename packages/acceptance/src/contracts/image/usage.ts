import { expect, test } from 'vitest'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'

/** /v2/info/usage in a cloud without limits for projects. */
export function usageContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('usage', makeTarget, (scratch) => {
    test('is empty without limits, for every role', async () => {
      for (const account of [scratch.demo, scratch.admin, scratch.target.reader]) {
        const answer = await account.image('GET', '/v2/info/usage')
        expectStatus(answer, 200)
        expect(answer.json()).toEqual({ usage: {} })
      }
    })

    test.each(['PUT', 'POST', 'DELETE', 'HEAD'])('%s is 404: Glance refuses no methods here', async (method) => {
      expectStatus(await scratch.demo.image(method, '/v2/info/usage'), 404)
    })
  })
}
