import type { Caller } from '../../../context.js'
import { forbidden, notFound } from '../../errors.js'
import { requireAdmin, requireNamespace, requireReader } from '../access.js'
import { duplicateAssociation } from '../duplicates.js'
import type { MetadefParts } from '../metadef-parts.js'
import type { NamespaceRecord } from '../namespaces/namespace-repository.js'
import type { NewAssociation } from './association.js'
import type { AssociationRecord, ResourceTypeRecord } from './resource-type-repository.js'

/** The types of resources that namespaces are meant for (glance/api/v2/metadef_resource_types.py). */
export interface ResourceTypeService {
  /** Every type that an association has named, the oldest first. */
  list(caller: Caller): ResourceTypeRecord[]
  associations(caller: Caller, namespace: string): AssociationRecord[]
  /** A type that is not known yet becomes known. */
  associate(caller: Caller, namespace: string, association: NewAssociation): AssociationRecord
  dissociate(caller: Caller, namespace: string, name: string): void
}

export function createResourceTypeService({ store, clock }: MetadefParts): ResourceTypeService {
  const { namespaces, resourceTypes } = store
  const inNamespace = (caller: Caller, name: string): NamespaceRecord =>
    requireNamespace(caller, name, { namespace: namespaces.find(name) })
  return {
    list(caller) {
      requireReader(caller)
      return resourceTypes.list()
    },
    associations: (caller, namespace) => resourceTypes.associations(inNamespace(caller, namespace).id),
    associate(caller, namespace, association) {
      const { id } = inNamespace(caller, namespace)
      requireAdmin(caller, 'add_metadef_resource_type_association')
      if (resourceTypes.findAssociation(id, association.name) !== undefined) {
        throw duplicateAssociation(namespace, association.name)
      }
      const at = clock()
      const { name, prefix = null, properties_target = null } = association
      const record = { name, prefix, properties_target, created_at: at, updated_at: at }
      store.atomically(() => resourceTypes.associate(id, record))
      return record
    },
    dissociate(caller, namespace, name) {
      const found = inNamespace(caller, namespace)
      requireAdmin(caller, 'remove_metadef_resource_type_association')
      if (resourceTypes.findAssociation(found.id, name) === undefined) {
        throw notFound(`Failed to find resource type ${name} to delete`)
      }
      if (found.protected) {
        throw forbidden(`Metadata definition resource-type-association ${name} is protected and cannot be deleted.`)
      }
      resourceTypes.dissociate(found.id, name)
    },
  }
}
