/**
 * A JSON value as Python prints it, as in the messages of the real services.
 * @param quoteText how a text is shown. @default with quotes and escapes
 */
export function pythonRepr(value: unknown, quoteText: (text: string) => string = quote): string {
  if (value === null || value === undefined) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (typeof value === 'string') return quoteText(value)
  const show = (each: unknown) => pythonRepr(each, quoteText)
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`
  if (typeof value !== 'object') return JSON.stringify(value)
  const entries = Object.entries(value).map(([key, each]) => `${show(key)}: ${show(each)}`)
  return `{${entries.join(', ')}}`
}

function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'"
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\t', String.raw`\t`)
  return `${mark}${mark === "'" ? escaped.replaceAll("'", String.raw`\'`) : escaped}${mark}`
}
