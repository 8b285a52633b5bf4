import { invalidField, malformed, unauthorized } from '../errors.js'
import { scopeKey, type Scope } from '../tokens/scope.js'
import type { TokenRequest } from '../tokens/token-service.js'
import { objectAt } from '../fields.js'
import type { AuthMethod, AuthParts, Proof } from './method.js'
import * as methods from './methods.js'
import { MoreMethodsNeeded, stillRequired } from './required-methods.js'
import { requestedScope } from './requested-scope.js'

const authMethods: readonly AuthMethod[] = Object.values(methods)

/**
 * Checks a login (`POST /v3/auth/tokens`, keystone/api/_shared/authentication.py `authenticate_for_token`).
 * @param receiptId of an earlier login that was not sufficient
 * @throws Refusal invalid for a malformed body, unauthenticated for anything that does not prove the user's identity
 * @throws MoreMethodsNeeded
 */
export async function logIn(
  body: Readonly<Record<string, unknown>>,
  receiptId: string | undefined,
  parts: AuthParts,
): Promise<TokenRequest> {
  if (body['auth'] === undefined) throw malformed('auth', 'request body')
  const auth = objectAt(body['auth'], 'auth')
  if (auth['identity'] === undefined) throw invalidField('', "'identity' is a required property")
  const identity = objectAt(auth['identity'], 'identity')
  const names = identity['methods']
  if (names === undefined) throw invalidField('identity', "'methods' is a required property")
  if (!Array.isArray(names) || names.length === 0) throw invalidField('identity/methods', 'a list of names is needed')

  // Each method runs once, however often it is listed (keystone/auth/core.py `get_method_names`).
  const proofs: Proof[] = []
  for (const name of new Set<unknown>(names)) {
    const method = authMethods.find((each) => each.name === name)
    // An unknown method is refused like a wrong password (keystone/auth/core.py `get_auth_method`).
    if (method === undefined) throw unauthorized()
    if (identity[method.name] === undefined) throw malformed(method.name, 'identity')
    proofs.push(await method.prove(objectAt(identity[method.name], `identity/${method.name}`), parts))
  }
  const [first] = proofs
  if (first === undefined || proofs.some(({ user }) => user.id !== first.user.id)) throw unauthorized()
  const proof: Proof = Object.assign({}, ...proofs)
  const passed = [...names.map(String), ...proofs.flatMap((each) => each.methods ?? [])]
  const used = [...new Set([...passed, ...methodsOfReceipt(receiptId, first.user.id, parts)])]
  const required = stillRequired(
    first.user,
    used,
    authMethods.map(({ name }) => name),
  )
  if (required) throw new MoreMethodsNeeded(parts.receipts.issue(first.user.id, used), first.user, required)
  return { ...proof, userId: first.user.id, methods: used, scope: scopeOf(auth['scope'], proof, used, parts) }
}

/** @throws Refusal unauthenticated for a receipt that is not valid, or another user's */
function methodsOfReceipt(id: string | undefined, userId: string, { receipts }: AuthParts): readonly string[] {
  if (id === undefined) return []
  const receipt = receipts.find(id)
  if (receipt?.userId !== userId) throw unauthorized()
  return receipt.methods
}

function scopeOf(asked: unknown, proof: Proof, methods: readonly string[], { directory }: AuthParts): Scope {
  const { boundScope } = proof
  if (boundScope === undefined) {
    return asked === undefined ? defaultScope(proof.user, directory) : requestedScope(asked, directory.projects)
  }
  if (asked === undefined) return boundScope
  // A credential is bound to its project; Keystone refuses to be asked for a scope, even that one
  // (keystone/auth/core.py).
  const isExchange = methods.includes('token')
  if (!isExchange || scopeKey(requestedScope(asked, directory.projects)) !== scopeKey(boundScope)) throw unauthorized()
  return boundScope
}

/** The user's default project, if the user has a role in it (keystone/auth/core.py, `_check_and_set_default_scoping`). */
function defaultScope(
  { id, defaultProjectId }: Proof['user'],
  { projects, assignments }: AuthParts['directory'],
): Scope {
  if (defaultProjectId === null || projects.find(defaultProjectId)?.enabled !== true) return { kind: 'unscoped' }
  const scope = { kind: 'project', projectId: defaultProjectId } as const
  return assignments.effectiveRolesOf(id, scope).length > 0 ? scope : { kind: 'unscoped' }
}
