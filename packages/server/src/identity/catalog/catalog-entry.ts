/** An entry with the fields that Keystone has for it, except its links. */
export type CatalogEntry = Readonly<Record<string, unknown>> & { readonly id: string }

/** The kinds of entries in the catalogue, by the names of their collections. */
export const catalogKinds = { services: 'service', endpoints: 'endpoint', regions: 'region' } as const
export type CatalogKind = keyof typeof catalogKinds
