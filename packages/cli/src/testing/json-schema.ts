import { Ajv2020 } from 'ajv/dist/2020.js'

const options = {
  allErrors: true,
  allowUnionTypes: true,
  strictRequired: false,
  formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/ },
}

/** Where a value differs from a schema; empty when it is as the schema says. */
export function complaintsAbout(value: unknown, schema: object): string[] {
  const isValid = new Ajv2020(options).compile(schema)
  if (isValid(value)) return []
  return (isValid.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}
