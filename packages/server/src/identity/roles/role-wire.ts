import { selfLink } from '../http/site.js'
import type { Attributes } from '../schema.js'

interface Role {
  readonly id: string
  readonly name: string
  readonly description: string | null
  readonly options: Attributes
  readonly extra: Attributes
}

export function toWireRole({ id, name, description, options, extra }: Role, baseUrl: string): object {
  return { ...extra, id, name, domain_id: null, description, options, ...selfLink(baseUrl, `roles/${id}`) }
}
