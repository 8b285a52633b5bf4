import { readScope, readUser, type AuthValues } from '../auth-values.js'
import type { Scope } from '../scope.js'
import type { AuthMethod, Factor, SpareProof } from './method.js'

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
  readonly spare?: SpareProof | undefined
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
  const secretsOf = ({ factors, spare }: MultiFactorAuth) => [
    ...factors.flatMap((auth) => methodOf(auth)?.secretsOf(auth) ?? []),
    spare?.password,
    spare?.passcode,
  ]
  return {
    type: 'multiFactor',
    authTypes: ['v3multifactor', 'multifactor'],
    keys: ['auth_methods'],
    secrets: [],
    read(values) {
      const authUrl = values.authUrl()
      const names = values.list('auth_methods')
      if (names.length === 0) values.need('auth_methods')
      const factors = names.map((name) => factorNamed(methods, name, values).read(values))
      const [password, passcode] = [values.text('password'), values.text('passcode')]
      const user = [values.text('user_id'), values.text('username')].some((each) => each !== undefined)
      const spare = user ? { user: readUser(values), password, passcode } : undefined
      return { type: 'multiFactor', authUrl, factors, scope: readScope(values), spare }
    },
    isOneTime: (auth) => auth.factors.some((each) => methodOf(each)?.isOneTime?.(each) ?? false),
    authenticate(auth, keystone) {
      const factors = factorsOf(auth)
      return keystone.issue({
        authUrl: auth.authUrl,
        proof: Object.assign({}, ...factors.map(([each, factor]) => factor.proof(each))) as Record<string, object>,
        scope: auth.scope,
        spare: auth.spare,
        whenRefused: factors.map(([, { whenRefused }]) => whenRefused).join('; or '),
        isRefusal: (error) => factors.some(([, factor]) => factor.isRefusal?.(error) ?? false),
      })
    },
    secretsOf,
    cacheIdentity(auth) {
      const identities = auth.factors.map((each) => methodOf(each)?.cacheIdentity(each))
      if (identities.includes(undefined)) return undefined
      const who = identities.map((each) => each?.who)
      const secrets = auth.factors.flatMap((each) => methodOf(each)?.secretsOf(each) ?? [])
      return { who: { factors: who, scope: auth.scope }, secret: secrets.join('\0') }
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
