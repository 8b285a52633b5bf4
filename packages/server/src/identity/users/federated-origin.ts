import { isJsonObject } from '../../http/parse-json.js'
import type { UserRecord } from './user-repository.js'

/** The provider and protocol of a user that comes from one. */
export function originOf({ extra }: UserRecord): { readonly provider: string; readonly protocol: string } | undefined {
  const [first] = Array.isArray(extra['federated']) ? (extra['federated'] as unknown[]) : []
  if (!isJsonObject(first) || !Array.isArray(first['protocols'])) return undefined
  const [protocol] = first['protocols'] as unknown[]
  const name = isJsonObject(protocol) ? protocol['protocol_id'] : undefined
  const provider = first['idp_id']
  return typeof provider === 'string' && typeof name === 'string' ? { provider, protocol: name } : undefined
}
