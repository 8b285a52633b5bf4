/** The path of a namespace in responses. Its name is not encoded, as in Glance. */
export function namespacePath(namespace: string): string {
  return `/v2/metadefs/namespaces/${namespace}`
}
