import type { PropertyOperation, PropertyProtection } from '../../config/cloud-config.js'
import type { Caller } from '../../context.js'
import { forbidden } from '../errors.js'
import type { ImageRecord } from '../images/image-record.js'

/**
 * Who may do what with which custom properties (glance/common/property_utils.py, glance/api/property_protections.py). The
 * first rule whose expression is found in a property's name decides; without one, nothing is allowed. The rules concern
 * admins, too.
 */
export interface PropertyProtections {
  rightsOf(caller: Caller): PropertyRights
  /** The image with those properties only that the caller may read. */
  readable(caller: Caller, image: ImageRecord): ImageRecord
}

/** What one caller may do with properties. */
export interface PropertyRights {
  allow(operation: PropertyOperation, property: string): boolean
}

/** The rights in a cloud without protections. */
export const allRights: PropertyRights = { allow: () => true }

/** @throws forbidden, as for a name that Glance reserves */
export function requirePropertyRight(rights: PropertyRights, operation: PropertyOperation, property: string): void {
  if (!rights.allow(operation, property)) throw forbidden(`Attribute '${property}' is reserved.`)
}

/** Names that Glance itself writes, which no rule of an operator can hide. */
const ownProperties: Rule = { expression: /os_glance.*/, roles: allOperations(['@']) }

/** The names whose rule is remembered. */
const mostNames = 10_000

interface Rule {
  readonly expression: RegExp
  readonly roles: Readonly<Record<PropertyOperation, readonly string[]>>
}

/** @param protections rules with valid expressions, in their order */
export function createPropertyProtections(protections: readonly PropertyProtection[]): PropertyProtections {
  const rules = [ownProperties, ...protections.map(toRule)]
  const known = new Map<string, Rule | undefined>()
  const ruleOf = (property: string): Rule | undefined => {
    if (known.has(property)) return known.get(property)
    const rule = rules.find(({ expression }) => expression.test(property))
    if (known.size >= mostNames) known.clear()
    known.set(property, rule)
    return rule
  }
  const allows = (caller: Caller, operation: PropertyOperation, property: string): boolean => {
    const roles = ruleOf(property)?.roles[operation] ?? []
    if (roles.includes('!')) return false
    return roles.includes('@') || caller.roles.some((role) => roles.includes(role.toLowerCase()))
  }
  return {
    rightsOf: (caller) => ({ allow: (operation, property) => allows(caller, operation, property) }),
    readable(caller, image) {
      const all = Object.entries(image.properties)
      const shown = all.filter(([property]) => allows(caller, 'read', property))
      return shown.length === all.length ? image : { ...image, properties: Object.fromEntries(shown) }
    },
  }
}

function toRule({ property, create, read, update, delete: remove }: PropertyProtection): Rule {
  const lower = (roles: readonly string[]) => roles.map((role) => role.toLowerCase())
  return {
    expression: new RegExp(property, 'u'),
    roles: { create: lower(create), read: lower(read), update: lower(update), delete: lower(remove) },
  }
}

function allOperations(roles: readonly string[]): Rule['roles'] {
  return { create: roles, read: roles, update: roles, delete: roles }
}
