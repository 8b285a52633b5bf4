/** `2026-01-02T03:04:05.000000Z`, as Keystone writes times. */
export function wireTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}.000000Z`
}
