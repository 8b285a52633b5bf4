/** A rule of a mapping: what a user of an identity provider is here (keystone/federation/utils.py). */
export interface MappingRule {
  /** All of these must hold for the rule to count. */
  readonly remote: readonly RemoteCondition[]
  readonly local: readonly LocalPart[]
}

/** A condition on one claim. The values that pass are what `{0}`, `{1}` … stand for, in the order of the conditions. */
export interface RemoteCondition {
  /** `OIDC-` and the claim, or `HTTP_OIDC_` and the claim in upper case. */
  readonly type: string
  readonly any_one_of?: readonly string[] | undefined
  readonly not_any_of?: readonly string[] | undefined
  readonly whitelist?: readonly string[] | undefined
  readonly blacklist?: readonly string[] | undefined
  /** Whether the texts of this condition are regular expressions. */
  readonly regex?: boolean | undefined
}

/** What a rule adds to the user. */
export interface LocalPart {
  readonly user?: LocalUser | undefined
  readonly group?: { readonly id?: string | undefined; readonly name?: string | undefined } | undefined
  /** The name of a group, or a claim with the names of several. */
  readonly groups?: string | undefined
  /** Created when it is not there. */
  readonly projects?:
    | readonly { readonly name: string; readonly roles: readonly { readonly name: string }[] }[]
    | undefined
}

/** The user that a rule makes; `{0}` stands for the value of the first condition. */
export interface LocalUser {
  readonly id?: string | undefined
  readonly name?: string | undefined
  readonly email?: string | undefined
  /** `local`: a user of this cloud. */
  readonly type?: 'ephemeral' | 'local' | undefined
}

export type Claims = Readonly<Record<string, unknown>>

/** What the rules make of a user. */
export interface MappedUser {
  /** Undefined: the provider's own id of the user. */
  readonly id: string | undefined
  readonly name: string | undefined
  readonly email: string | undefined
  /** Whether the user exists here, with its own roles. */
  readonly isLocal: boolean
  /** Names or ids. */
  readonly groups: readonly string[]
  readonly projects: readonly { readonly name: string; readonly roles: readonly string[] }[]
}

/** Undefined when no rule holds: the user may not use this cloud. */
export function mapClaims(rules: readonly MappingRule[], claims: Claims): MappedUser | undefined {
  let user: LocalUser | undefined
  const groups: string[] = []
  const projects: MappedUser['projects'][number][] = []
  let isAny = false
  for (const { remote, local } of rules) {
    const values = passing(remote, claims)
    if (values === undefined) continue
    isAny = true
    const fill = (text: string) => text.replaceAll(/\{(\d+)\}/g, (_, index: string) => values[Number(index)]?.[0] ?? '')
    for (const part of local) {
      user ??= part.user && filled(part.user, fill)
      const group = part.group?.id ?? part.group?.name
      if (group !== undefined) groups.push(fill(group))
      if (part.groups !== undefined) groups.push(...listed(part.groups, values))
      for (const { name, roles } of part.projects ?? []) {
        projects.push({ name: fill(name), roles: roles.map((role) => fill(role.name)) })
      }
    }
  }
  if (!isAny) return undefined
  const { id, name, email, type } = user ?? {}
  return { id, name, email, isLocal: type === 'local', groups: [...new Set(groups)], projects }
}

/** `{0}` alone stands for all values of a claim. */
function listed(text: string, values: readonly (readonly string[])[]): readonly string[] {
  const [, index] = /^\{(\d+)\}$/.exec(text) ?? []
  return index === undefined ? [text] : (values[Number(index)] ?? [])
}

function filled({ id, name, email, type }: LocalUser, fill: (text: string) => string): LocalUser {
  const [ownId, ownName, ownEmail] = [id, name, email].map((text) => (text === undefined ? undefined : fill(text)))
  return { id: ownId, name: ownName, email: ownEmail, type }
}

/** The values of the claims, one entry per condition without `any_one_of` and `not_any_of`; undefined: one fails. */
function passing(remote: readonly RemoteCondition[], claims: Claims): readonly (readonly string[])[] | undefined {
  const values: (readonly string[])[] = []
  for (const condition of remote) {
    const found = valuesOf(condition.type, claims)
    const isIn = (list: readonly string[]) => (value: string) => list.some((each) => matches(each, value, condition))
    const { any_one_of: any, not_any_of: none, whitelist, blacklist } = condition
    if (found.length === 0) return undefined
    if (any && !found.some(isIn(any))) return undefined
    if (none && found.some(isIn(none))) return undefined
    if (any || none) continue
    const allowed = whitelist ? found.filter(isIn(whitelist)) : found
    values.push(blacklist ? allowed.filter((value) => !isIn(blacklist)(value)) : allowed)
  }
  return values
}

function matches(wanted: string, value: string, { regex }: RemoteCondition): boolean {
  return regex === true ? new RegExp(wanted, 'u').test(value) : wanted === value
}

function valuesOf(type: string, claims: Claims): readonly string[] {
  const name = /^(?:HTTP_)?OIDC[-_](.+)$/i.exec(type)?.[1] ?? type
  const key = Object.keys(claims).find((each) => each === name || each.toLowerCase() === name.toLowerCase())
  const value = key === undefined ? undefined : claims[key]
  const list = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]
  return list.map(String)
}
