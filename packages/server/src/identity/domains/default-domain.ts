/** The only domain there is. */
export const defaultDomain = { id: 'default', name: 'Default' } as const

/** Whether `{id}` or `{name}` refers to the only domain; false when it is left out. */
export function isDefaultDomain(domain: { readonly id?: unknown; readonly name?: unknown } | undefined): boolean {
  if (domain === undefined) return false
  return domain.id === undefined ? domain.name === defaultDomain.name : domain.id === defaultDomain.id
}

/** Whether the `domain_id` of a request is the only domain, which it also is when it is left out. */
export function isDefaultDomainId(id: unknown): boolean {
  return id === undefined || id === null || id === '' || id === defaultDomain.id
}
