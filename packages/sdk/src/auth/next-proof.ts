import { UnauthorizedError } from '../errors/http-error.js'
import type { SignIn } from './login-means.js'
import type { Login, SpareProof } from './methods/method.js'
import { methodsInWords, missingMethods, type MoreMethodsRequired } from './receipt.js'
import { wireNamed } from './scope.js'

type Prove = () => Promise<object>

/**
 * Proves the user's identity with the methods that Keystone still requires, from what is configured or what a person
 * enters. @throws UnauthorizedError naming the methods, when one of them is not possible
 */
export async function nextProof(
  error: MoreMethodsRequired,
  spare: SpareProof | undefined,
  { askPasscode }: SignIn,
): Promise<Login['proof']> {
  const { receipt } = error
  const possible: Readonly<Record<string, Prove | undefined>> = spare ? provers(spare, askPasscode) : {}
  const missing = missingMethods(receipt, (method) => possible[method] !== undefined)
  if (!missing) throw incomplete(error)
  const proof: Record<string, object> = {}
  for (const method of missing) proof[method] = (await possible[method]?.()) ?? {}
  return proof
}

function provers(
  { user, password, passcode }: SpareProof,
  ask: SignIn['askPasscode'],
): Readonly<Record<string, Prove | undefined>> {
  const named = wireNamed(user)
  const askOrKnown = passcode === undefined ? ask : () => Promise.resolve(passcode)
  return {
    password: password === undefined ? undefined : () => Promise.resolve({ user: { ...named, password } }),
    totp: askOrKnown && (async () => ({ user: { ...named, passcode: await askOrKnown() } })),
  }
}

function incomplete({ receipt, method, url, status, headers }: MoreMethodsRequired): UnauthorizedError {
  return new UnauthorizedError({
    status,
    method,
    url,
    headers,
    message: `${receipt.methods.join(' and ')} was right, but the user must sign in with ${methodsInWords(receipt.required)}`,
    hint:
      'set auth_type to v3multifactor, auth_methods to all of these methods (v3password, v3totp) and the passcode ' +
      '(OS_PASSCODE); on a terminal, the passcode is asked for',
  })
}
