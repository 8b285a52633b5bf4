/** How the challenge is derived from the verifier (RFC 7636 section 4.2). With S256, knowing the challenge does not help. */
export type ChallengeMethod = 'S256' | 'plain'

/** A secret of one login. */
export function newVerifier(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(42)))
}

/** What is sent first; the verifier follows with the request for the token. */
export async function challengeOf(method: ChallengeMethod, verifier: string): Promise<string> {
  if (method === 'plain') return verifier
  return base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))))
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
}
