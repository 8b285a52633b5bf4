import { readScope, type AuthValues } from '../auth-values.js'
import type { Scope } from '../scope.js'
import type { AuthMethod, Factor } from './method.js'

/** The settings read by one of the methods; `type` names the method. */
interface FactorAuth {
  readonly type: string
  readonly authUrl: string
}

export interface MultiFactorAuth {
  readonly type: 'multiFactor'
  readonly authUrl: string
  readonly factors: readonly FactorAuth[]
  readonly scope: Scope | undefined
}

export interface MultiFactorOptions {
  /** The methods to combine for `authType: 'v3multifactor'`, such as `['v3password', 'v3totp']`. */
  readonly authMethods?: readonly string[] | undefined
}

type FactorMethod = AuthMethod<FactorAuth>

/** Several methods in one login (keystoneauth1/identity/v3/multi_factor.py). */
export function multiFactor(methods: readonly FactorMethod[]): AuthMethod<MultiFactorAuth, MultiFactorOptions> {
  const methodOf = ({ type }: FactorAuth) => methods.find((each) => each.type === type)
  const factorsOf = ({ factors }: MultiFactorAuth): (readonly [FactorAuth, Factor<FactorAuth>])[] =>
    factors.flatMap((auth) => {
      const factor = methodOf(auth)?.factor
      return factor ? [[auth, factor] as const] : []
    })
  const secretsOf = ({ factors }: MultiFactorAuth) => factors.flatMap((auth) => methodOf(auth)?.secretsOf(auth) ?? [])
  return {
    type: 'multiFactor',
    authTypes: ['v3multifactor', 'multifactor'],
    keys: ['auth_methods'],
    read(values) {
      const authUrl = values.authUrl()
      const names = values.list('auth_methods')
      if (names.length === 0) values.need('auth_methods')
      const factors = names.map((name) => factorNamed(methods, name, values).read(values))
      return { type: 'multiFactor', authUrl, factors, scope: readScope(values) }
    },
    isOneTime: (auth) => auth.factors.some((each) => methodOf(each)?.isOneTime?.(each) ?? false),
    authenticate(auth, keystone) {
      const factors = factorsOf(auth)
      return keystone.issue({
        authUrl: auth.authUrl,
        proof: Object.assign({}, ...factors.map(([each, factor]) => factor.proof(each))) as Record<string, object>,
        scope: auth.scope,
        whenRefused: factors.map(([, { whenRefused }]) => whenRefused).join('; or '),
        isRefusal: (error) => factors.some(([, factor]) => factor.isRefusal?.(error) ?? false),
      })
    },
    secretsOf,
    cacheIdentity(auth) {
      const identities = auth.factors.map((each) => methodOf(each)?.cacheIdentity(each))
      if (identities.includes(undefined)) return undefined
      const who = identities.map((each) => each?.who)
      return { who: { factors: who, scope: auth.scope }, secret: secretsOf(auth).join('\0') }
    },
  }
}

function factorNamed(methods: readonly FactorMethod[], name: string, values: AuthValues): FactorMethod {
  const method = methods.find(({ authTypes }) => authTypes.includes(name.toLowerCase()))
  if (method?.factor) return method
  const known = methods.flatMap(({ authTypes, factor }) => (factor ? authTypes : []))
  throw values.wrong(
    'auth_methods',
    `names ${name}, which cannot be one of several methods`,
    `supported: ${known.join(', ')}`,
  )
}
