import type { Caller } from '../../context.js'
import { Refusal } from '../../refusal.js'
import { requireAdmin } from '../access/policy.js'
import { conflict, couldNotFind, malformed } from '../errors.js'
import { requireSamePlace, type Attributes } from '../schema.js'
import { freshId } from '../stable-id.js'
import { catalogKinds, type CatalogEntry, type CatalogKind } from './catalog-entry.js'
import type { CatalogRepository } from './catalog-repository.js'
import { checkEndpointUrl } from './endpoint-url.js'

/** What requests add to the catalogue, and change in what they added (keystone/catalog/core.py). */
export interface CatalogChangeService {
  create(caller: Caller, kind: CatalogKind, fields: Attributes): CatalogEntry
  /** @throws forbidden for an entry that every cloud has */
  update(caller: Caller, kind: CatalogKind, id: string, fields: Attributes): CatalogEntry
  /** A service goes with its endpoints, a region with those below it. @throws forbidden for an entry that every cloud has */
  remove(caller: Caller, kind: CatalogKind, id: string): void
}

interface CatalogChangeParts {
  readonly created: CatalogRepository
  /** All entries, those that every cloud has first. */
  readonly entries: (kind: CatalogKind) => readonly CatalogEntry[]
  /** Runs `work` in one transaction. */
  readonly inTransaction: (work: () => void) => void
}

export function createCatalogChangeService(parts: CatalogChangeParts): CatalogChangeService {
  const { created, entries, inTransaction } = parts
  const isKnown = (kind: CatalogKind, id: unknown) => entries(kind).some((each) => each.id === id)
  const findCreated = (kind: CatalogKind, id: string): CatalogEntry => {
    const entry = created.list(kind).find((each) => each.id === id)
    if (entry !== undefined) return entry
    if (!isKnown(kind, id)) throw couldNotFind(catalogKinds[kind], id)
    throw new Refusal(
      'forbidden',
      `The ${catalogKinds[kind]} ${id} belongs to this cloud and cannot be changed or removed: create another one.`,
    )
  }
  const newRegion = (id: string, fields: Attributes = {}): CatalogEntry => {
    return { description: '', parent_region_id: null, ...fields, id }
  }
  const checkEndpoint = ({ service_id: service, region_id: region, url }: CatalogEntry) => {
    if (!isKnown('services', service)) throw malformed('endpoint service_id', 'service table')
    checkEndpointUrl(String(url))
    if (region !== null && !isKnown('regions', region)) throw malformed('endpoint region_id', 'region table')
  }
  const checkRegion = ({ id, parent_region_id: parent }: CatalogEntry) => {
    if (typeof parent !== 'string') return
    if (parent !== id && !isKnown('regions', parent)) throw couldNotFind('region', parent)
    let above: unknown = parent
    while (typeof above === 'string') {
      const current = above
      if (current === id) {
        throw new Refusal('invalid', `The specified parent region ${id} would create a circular region hierarchy.`)
      }
      above = entries('regions').find((each) => each.id === current)?.['parent_region_id']
    }
  }
  /** A region that an endpoint names the old way is created with it (keystone/api/endpoints.py). */
  const withRegion = (fields: Attributes): Attributes => {
    const { region, ...rest } = fields
    if (typeof region !== 'string' || rest['region_id'] !== undefined) return rest
    return { ...rest, region_id: region }
  }
  const save = (kind: CatalogKind, entry: CatalogEntry, fields: Attributes): CatalogEntry => {
    const region = fields['region_id'] === undefined ? fields['region'] : undefined
    inTransaction(() => {
      if (kind === 'endpoints' && typeof region === 'string' && !isKnown('regions', region)) {
        created.save('regions', newRegion(region))
      }
      if (kind === 'endpoints') checkEndpoint(entry)
      if (kind === 'regions') checkRegion(entry)
      created.save(kind, entry)
    })
    return entry
  }
  const regionsBelow = (id: string): string[] => [
    id,
    ...created
      .list('regions')
      .filter(({ parent_region_id: parent }) => parent === id)
      .flatMap((each) => regionsBelow(each.id)),
  ]
  return {
    create(caller, kind, fields) {
      requireAdmin(caller, `create_${catalogKinds[kind]}`)
      if (kind === 'services') return save(kind, { name: '', enabled: true, ...fields, id: freshId() }, fields)
      if (kind === 'endpoints') {
        return save(kind, { enabled: true, region_id: null, ...withRegion(fields), id: freshId() }, fields)
      }
      const given = fields['id']
      const region = newRegion(typeof given === 'string' && given !== '' ? given : freshId(), fields)
      if (isKnown(kind, region.id)) throw conflict('region', `Duplicate ID, ${region.id}.`)
      return save(kind, region, fields)
    },
    update(caller, kind, id, fields) {
      requireAdmin(caller, `update_${catalogKinds[kind]}`)
      requireSamePlace({ id: fields['id'] }, id, '')
      const known = findCreated(kind, id)
      return save(kind, { ...known, ...(kind === 'endpoints' ? withRegion(fields) : fields), id }, fields)
    },
    remove(caller, kind, id) {
      requireAdmin(caller, `delete_${catalogKinds[kind]}`)
      findCreated(kind, id)
      const endpoints = created.list('endpoints')
      const regions = kind === 'regions' ? regionsBelow(id) : []
      if (endpoints.some(({ region_id: region }) => regions.some((each) => each === region))) {
        const message = `Unable to delete region ${id} because it or its child regions have associated endpoints.`
        throw new Refusal('forbidden', message)
      }
      inTransaction(() => {
        for (const each of endpoints) {
          if (kind === 'services' && each['service_id'] === id) created.remove('endpoints', each.id)
        }
        for (const each of regions) created.remove('regions', each)
        created.remove(kind, id)
      })
    },
  }
}
