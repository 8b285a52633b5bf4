/** The option of `auth` for a key of clouds.yaml: `clientSecret` for `client_secret`. */
export function optionOf(key: string): string {
  return key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
