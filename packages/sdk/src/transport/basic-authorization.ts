/**
 * The `Authorization` value for the user and password of a URL, or undefined where it has neither. As curl reads them:
 * what is percent-encoded is decoded, a `%` that encodes nothing stays, and a user without a password has an empty one.
 */
export function basicAuthorization({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined
  return `Basic ${btoa(`${bytesOf(username)}:${bytesOf(password)}`)}`
}

/** A character for each byte. The parts of a URL are ASCII: it encodes everything else itself. */
function bytesOf(text: string): string {
  return text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** The URL without user and password. */
export function withoutUserinfo(url: URL): URL {
  const bare = new URL(url)
  bare.username = ''
  bare.password = ''
  return bare
}
