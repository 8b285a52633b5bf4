/** The part of JSON Schema that Glance's documents use. */
export interface Schema {
  readonly type?: string | undefined
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly maxLength?: number
  readonly minimum?: number
  readonly minItems?: number
  readonly uniqueItems?: boolean
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean | Schema
  readonly required?: readonly string[]
  readonly allOf?: readonly Schema[]
  /** `#/definitions/…` of the document. */
  readonly $ref?: string
  readonly default?: unknown
  readonly format?: string
  readonly readOnly?: boolean
}

/** A document: what it is called in messages, and what its references lead to. */
export interface SchemaDocument extends Schema {
  readonly name: string
  readonly definitions?: Readonly<Record<string, Schema>>
}
