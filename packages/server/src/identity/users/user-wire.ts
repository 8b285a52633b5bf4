import { defaultDomain } from '../domains/default-domain.js'
import { selfLink } from '../http/site.js'
import type { Attributes } from '../schema.js'

interface User {
  readonly id: string
  readonly name: string
  readonly enabled: boolean
  readonly defaultProjectId: string | null
  readonly options: Attributes
  readonly extra: Attributes
}

export function toWireUser({ id, extra, ...user }: User, baseUrl: string): object {
  return {
    ...extra,
    id,
    name: user.name,
    domain_id: defaultDomain.id,
    enabled: user.enabled,
    ...(user.defaultProjectId !== null && {
      default_project_id: user.defaultProjectId,
    }),
    password_expires_at: null,
    options: user.options,
    ...selfLink(baseUrl, `users/${id}`),
  }
}
