/** What a schema document says of one value: the part of JSON Schema that Glance uses. */
export interface SchemaProperty {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly readOnly?: boolean
  readonly enum?: readonly unknown[]
  readonly maxLength?: number
  readonly pattern?: string
  readonly items?: SchemaProperty
  readonly [key: string]: unknown
}

/** A schema document of the image service. */
export interface ImageSchema {
  readonly name: string
  /** By the names on the wire. */
  readonly properties: Readonly<Record<string, SchemaProperty>>
  readonly required?: readonly string[]
  /** Of what other names may be; false: there are none. */
  readonly additionalProperties?: boolean | SchemaProperty
  readonly [key: string]: unknown
}
