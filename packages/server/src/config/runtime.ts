/** The JavaScript runtime cannot run the cloud, or lacks something that it needs. */
export class RuntimeUnsupported extends Error {
  override readonly name = 'RuntimeUnsupported'
}

/**
 * Bun accepts connections, but responds to the first requests with a body with an empty 500.
 * @throws RuntimeUnsupported
 */
export function refuseBun(versions: Readonly<Record<string, string | undefined>> = process.versions): void {
  const bun = versions['bun']
  if (bun === undefined) return
  throw new RuntimeUnsupported(`The embedded cloud runs on Node and Deno, and this is Bun ${bun}; nothing was changed`)
}
