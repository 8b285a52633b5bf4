import { Refusal } from '../../refusal.js'

/** What the variables in an endpoint's URL are replaced by; undefined: the token has none. */
export interface UrlValues {
  readonly projectId: string | undefined
  readonly userId: string
}

/** `%(project_id)s`, also written with a dollar sign (keystone/catalog/backends/base.py). */
const variable = /[%$]\((project_id|tenant_id|user_id)\)s/g

/** The URL for one token; undefined when it needs a project and the token has none. */
export function endpointUrl(url: string, { projectId, userId }: UrlValues): string | undefined {
  let isComplete = true
  const made = url.replace(variable, (_, name: string) => {
    const value = name === 'user_id' ? userId : projectId
    isComplete &&= value !== undefined
    return value ?? ''
  })
  return isComplete ? made.replaceAll('%%', '%') : undefined
}

/** @throws Refusal invalid for a URL with variables that no token has (keystone/common/utils.py `check_endpoint_url`) */
export function checkEndpointUrl(url: string): void {
  const rest = url.replace(variable, '').replaceAll('%%', '')
  if (!rest.includes('%') && !rest.includes('$(')) return
  throw new Refusal('invalid', `Cannot create an endpoint with an invalid URL: ${url}.`)
}
