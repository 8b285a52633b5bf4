/** A value as it appears in a message: never throws, never long. */
export function shown(value: unknown): string {
  let text: string | undefined
  try {
    text = JSON.stringify(value)
  } catch {
    text = undefined
  }
  const said = text ?? (value === undefined ? 'undefined' : `a ${typeof value}`)
  return said.length > 60 ? `${said.slice(0, 60)}…` : said
}
