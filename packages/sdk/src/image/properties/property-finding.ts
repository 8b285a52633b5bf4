/** Why a custom property is probably a mistake. */
export interface PropertyFinding {
  readonly name: string
  readonly value: string
  /** `name`: it is not defined, but one like it is. `value`: it is defined to be something else. */
  readonly kind: 'name' | 'value'
  /** For people. */
  readonly message: string
  /** The name or the value that was probably meant. */
  readonly suggestion?: string
}

/** What a property may be: the part of its definition that can be checked. */
export interface PropertyRule {
  readonly type: string
  readonly enum?: readonly string[] | undefined
  readonly minimum?: number | undefined
  readonly maximum?: number | undefined
  readonly maxLength?: number | undefined
}

/** Rules by the name of the property. */
export type PropertyRules = ReadonlyMap<string, PropertyRule>
