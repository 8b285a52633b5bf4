import { expect, test } from 'vitest'
import { contractSuite, expectStatus, type Scratch } from '../scratch.js'
import type { ContractTarget } from '../target.js'
import type { Answer } from '../wire.js'
import { messageOf, notAuthorized } from './accounts.js'

type Entry = Readonly<Record<string, unknown>> & { readonly id: string }
type Kind = 'service' | 'endpoint' | 'region'

/** Services, endpoints and regions that an admin adds to the catalogue. */
export function catalogContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('changes of the catalogue', makeTarget, (scratch) => {
    const admin = (method: string, path: string, json?: unknown) =>
      scratch.admin.identity(method, path, json === undefined ? {} : { json })
    const make = (kind: Kind, fields: object) => makeEntry(scratch, kind, fields)
    const expectRefused = (answer: Answer, status: number, message: string) => {
      expectStatus(answer, status)
      expect(messageOf(answer)).toBe(message)
    }

    test('a service is created, changed, found by its type, and removed with its endpoints', async () => {
      const type = scratch.name()
      const service = await make('service', { type, color: 'red' })
      expect(service).toMatchObject({ type, name: '', enabled: true, color: 'red' })
      const changed = await admin('PATCH', `/services/${service.id}`, { service: { name: 'changed', size: 3 } })
      expectStatus(changed, 200)
      const wanted = { ...service, name: 'changed', size: 3 }
      expect(changed.json()).toEqual({ service: wanted })
      expect((await admin('GET', `/services?type=${type}`)).json()).toMatchObject({ services: [wanted] })
      const endpoint = await make('endpoint', { service_id: service.id, interface: 'public', url: 'http://new/' })
      expectStatus(await admin('DELETE', `/services/${service.id}`), 204)
      expectRefused(await admin('GET', `/endpoints/${endpoint.id}`), 404, `Could not find endpoint: ${endpoint.id}.`)
      expectRefused(await admin('DELETE', `/services/${service.id}`), 404, `Could not find service: ${service.id}.`)
    })

    test('an endpoint is in the catalogue, with its URL for the token, while it is enabled', async () => {
      const region = await make('region', {})
      const service = await make('service', { type: scratch.name(), name: 'new' })
      const url = 'http://new/v1/%(project_id)s'
      const fields = { service_id: service.id, interface: 'public', url, region_id: region.id }
      const endpoint = await make('endpoint', fields)
      expect(endpoint).toMatchObject({ ...fields, region: region.id, enabled: true })
      const shown = async () => {
        const answer = await admin('GET', '/auth/catalog')
        expectStatus(answer, 200)
        return answer.json<{ catalog: Entry[] }>().catalog.find(({ id }) => id === service.id)
      }
      expect(await shown()).toEqual({
        id: service.id,
        type: service['type'],
        name: 'new',
        endpoints: [
          {
            id: endpoint.id,
            interface: 'public',
            region_id: region.id,
            region: region.id,
            url: expect.stringMatching(/^http:\/\/new\/v1\/[0-9a-f]{32}$/),
          },
        ],
      })
      expectStatus(await admin('PATCH', `/endpoints/${endpoint.id}`, { endpoint: { enabled: false } }), 200)
      expect((await shown())?.['endpoints'] ?? []).toEqual([])
      expectStatus(await admin('PATCH', `/services/${service.id}`, { service: { enabled: false } }), 200)
      expect(await shown()).toBeUndefined()
    })

    test('what cannot be an endpoint is refused', async () => {
      const service = await make('service', { type: scratch.name() })
      const good = { service_id: service.id, interface: 'public', url: 'http://new/' }
      const unknown = (what: string, table: string) =>
        `Expecting to find ${what} in ${table} table. The server could not comply with the request since it is either ` +
        'malformed or otherwise incorrect. The client is assumed to be in error.'
      for (const [fields, message] of [
        [{ service_id: 'none' }, unknown('endpoint service_id', 'service')],
        [{ region_id: 'none' }, unknown('endpoint region_id', 'region')],
        [{ url: 'http://%(foo)s' }, 'Cannot create an endpoint with an invalid URL: http://%(foo)s.'],
        [
          { interface: 'other' },
          "Invalid input for field/attribute interface. Value: other. 'other' is not one of ['admin', 'internal', 'public']",
        ],
      ] as const) {
        expectRefused(await admin('POST', '/endpoints', { endpoint: { ...good, ...fields } }), 400, message)
      }
    })

    test('regions are below others, and are not removed while they have endpoints', async () => {
      const [above, service] = [await make('region', { description: 'above' }), await make('service', { type: 't' })]
      expect(above).toMatchObject({ description: 'above', parent_region_id: null })
      const below = await make('region', { id: scratch.name(), parent_region_id: above.id })
      const again = await admin('POST', '/regions', { region: { id: below.id } })
      expectRefused(again, 409, `Conflict occurred attempting to store region - Duplicate ID, ${below.id}..`)
      const circle = await admin('PATCH', `/regions/${above.id}`, { region: { parent_region_id: below.id } })
      const message = `The specified parent region ${above.id} would create a circular region hierarchy.`
      expectRefused(circle, 400, message)
      const url = 'http://new/'
      const fields = { service_id: service.id, interface: 'public', url, region: below.id }
      const endpoint = await make('endpoint', fields)
      expect(endpoint).toMatchObject({ region_id: below.id, region: below.id })
      const used = `Unable to delete region ${above.id} because it or its child regions have associated endpoints.`
      expectRefused(await admin('DELETE', `/regions/${above.id}`), 403, used)
      expectStatus(await admin('DELETE', `/endpoints/${endpoint.id}`), 204)
      expectStatus(await admin('DELETE', `/regions/${above.id}`), 204)
      expectRefused(await admin('GET', `/regions/${below.id}`), 404, `Could not find region: ${below.id}.`)
    })

    test('the catalogue is for admins to change', async () => {
      const endpoint = { service_id: 'none', interface: 'public', url: 'http://new/' }
      for (const [path, json, action] of [
        ['/services', { service: { type: 't' } }, 'create_service'],
        ['/endpoints', { endpoint }, 'create_endpoint'],
        ['/regions', { region: {} }, 'create_region'],
      ] as const) {
        expectRefused(await scratch.demo.identity('POST', path, { json }), 403, notAuthorized(action))
      }
    })
  })
}

/** Creates an entry of the catalogue that is removed after the test. */
async function makeEntry(scratch: Scratch, kind: Kind, fields: object): Promise<Entry> {
  const answer = await scratch.admin.identity('POST', `/${kind}s`, { json: { [kind]: fields } })
  expectStatus(answer, 201)
  const entry = answer.json<Record<Kind, Entry>>()[kind]
  scratch.later(() => scratch.admin.identity('DELETE', `/${kind}s/${entry.id}`))
  return entry
}
