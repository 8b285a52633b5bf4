import { cutText } from '../../http/webob-error.js'

/** A value as Python prints it, as in the messages of a real Glance. Long texts are cut. */
export function pythonRepr(value: unknown): string {
  if (value === null || value === undefined) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (typeof value === 'string') return quoted(cutText(value))
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(', ')}]`
  if (typeof value !== 'object') return JSON.stringify(value)
  const entries = Object.entries(value).map(([key, each]) => `${quoted(key)}: ${pythonRepr(each)}`)
  return `{${entries.join(', ')}}`
}

function quoted(text: string): string {
  return text.includes("'") && !text.includes('"') ? `"${text}"` : `'${text}'`
}
