import type { WireMetadefAssociation } from '@tyrax/protocol'
import { wireTime } from '../../images/wire-time.js'
import { schemaMismatch } from '../../schemas/check-schema.js'
import { refuseOthers } from '../properties/property-type.js'
import type { AssociationRecord } from './resource-type-repository.js'

/** An association as it is sent. */
export type NewAssociation = Pick<WireMetadefAssociation, 'name' | 'prefix' | 'properties_target'>

/**
 * Times are ignored: within a namespace, clients send what was shown to them.
 * @param value matches the schema of associations, or that of namespaces, which demands no name
 * @throws invalid
 */
export function toAssociation(value: Readonly<Record<string, unknown>>, schema: string): NewAssociation {
  const { name, prefix, properties_target, created_at: _created, updated_at: _updated, ...others } = value
  refuseOthers(Object.keys(others), schema)
  if (typeof name !== 'string') throw schemaMismatch(schema, "'name' is a required property of an association")
  return {
    name,
    ...(prefix !== undefined && { prefix: prefix as string }),
    ...(properties_target !== undefined && { properties_target: properties_target as string }),
  }
}

/** An association as Glance returns it. */
export function toWireAssociation(association: AssociationRecord): WireMetadefAssociation {
  const { name, prefix, properties_target, created_at, updated_at } = association
  return {
    name,
    ...(prefix !== null && { prefix }),
    ...(properties_target !== null && { properties_target }),
    created_at: wireTime(created_at),
    ...(updated_at !== null && { updated_at: wireTime(updated_at) }),
  }
}
