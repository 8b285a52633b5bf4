import { z } from 'zod'
import type { IdentityConfig } from './cloud-config.js'

const word = z.string().regex(/^[\w.-]{1,64}$/, 'has letters, digits, ".", "_" and "-" only')
const text = z.string().min(1)
const texts = z.array(text)

const condition = z
  .strictObject({
    type: text,
    any_one_of: texts.optional(),
    not_any_of: texts.optional(),
    whitelist: texts.optional(),
    blacklist: texts.optional(),
    regex: z.boolean().optional(),
  })
  .refine(hasExpressions, 'has a text that is no regular expression')

const local = z.strictObject({
  user: z
    .strictObject({
      id: text.optional(),
      name: text.optional(),
      email: text.optional(),
      type: z.enum(['ephemeral', 'local']).optional(),
      domain: z.unknown().optional(),
    })
    .optional(),
  group: z
    .strictObject({ id: text.optional(), name: text.optional(), domain: z.unknown().optional() })
    .refine(({ id, name }) => id !== undefined || name !== undefined, 'has neither id nor name')
    .optional(),
  groups: text.optional(),
  domain: z.unknown().optional(),
  projects: z
    .array(
      z.strictObject({ name: text, roles: z.array(z.strictObject({ name: text })), domain: z.unknown().optional() }),
    )
    .optional(),
})

/** The settings of the identity service. */
export const identitySchema = z.strictObject({
  identityProviders: z
    .array(
      z.strictObject({
        name: word,
        issuer: z.url({ protocol: /^https?$/ }),
        protocol: word.default('openid'),
        clientId: text.optional(),
        clientSecret: text.optional(),
        scope: text.optional(),
        mapping: z.array(z.strictObject({ remote: z.array(condition).min(1), local: z.array(local).min(1) })).min(1),
      }),
    )
    .optional(),
  trustedDashboards: z.array(z.url({ protocol: /^https?$/ })).optional(),
})

/** What contradicts itself, with its place. */
export function findIdentityContradictions({ identityProviders }: IdentityConfig): string[] {
  const names = identityProviders.map(({ name }) => name)
  return new Set(names).size < names.length ? ['identity.identityProviders: two providers have the same name'] : []
}

interface Texts {
  readonly regex?: boolean | undefined
  readonly any_one_of?: readonly string[] | undefined
  readonly not_any_of?: readonly string[] | undefined
  readonly whitelist?: readonly string[] | undefined
  readonly blacklist?: readonly string[] | undefined
}

function hasExpressions({ regex, any_one_of, not_any_of, whitelist, blacklist }: Texts): boolean {
  if (regex !== true) return true
  return [any_one_of, not_any_of, whitelist, blacklist].flatMap((each) => each ?? []).every(isExpression)
}

function isExpression(value: string): boolean {
  try {
    return new RegExp(value, 'u') instanceof RegExp
  } catch {
    return false
  }
}
