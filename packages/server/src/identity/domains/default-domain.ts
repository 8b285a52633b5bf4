/** The only domain there is. */
export const defaultDomain = { id: 'default', name: 'Default' } as const

/** Whether a `{id}` or `{name}` means the only domain; left out, it does not. */
export function isDefaultDomain(domain: { readonly id?: unknown; readonly name?: unknown } | undefined): boolean {
  if (domain === undefined) return false
  return domain.id === undefined ? domain.name === defaultDomain.name : domain.id === defaultDomain.id
}
