/**
 * The `Authorization` value for the user and password of a URL, or undefined if it has neither. As in curl,
 * percent-encoding is decoded, an invalid `%` stays as it is, and a missing password is empty.
 */
export function basicAuthorization({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined
  return `Basic ${btoa(`${bytesOf(username)}:${bytesOf(password)}`)}`
}

/** Returns one character for each byte. The components of a URL are ASCII: it encodes everything else itself. */
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
