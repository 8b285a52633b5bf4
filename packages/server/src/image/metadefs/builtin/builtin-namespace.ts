import type { WireMetadefProperty } from '@tyrax/protocol'
import type { NewNamespace } from '../namespaces/metadef-namespace.js'

/** A namespace that comes with the service. It is public and protected, unless it declares something else. */
export interface BuiltinNamespace extends Omit<NewNamespace, 'visibility' | 'owner'> {
  /** Null for those whose file declares none: only admins see them. @default 'public' */
  readonly visibility?: null
}

type Property = Omit<WireMetadefProperty, 'name'>
type Rest = Omit<Property, 'title' | 'type'>

export const text = (title: string, rest: Rest = {}): Property => ({ title, type: 'string', ...rest })
export const integer = (title: string, rest: Rest = {}): Property => ({ title, type: 'integer', ...rest })
export const boolean = (title: string, rest: Rest = {}): Property => ({ title, type: 'boolean', ...rest })

/** The items of a long list, written one after the other with commas between. */
export const listOf = (items: string): string[] => items.split(',').map((each) => each.trim())
