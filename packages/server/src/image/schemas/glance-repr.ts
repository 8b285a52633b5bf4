import { cutText } from '../../http/webob-error.js'
import { pythonRepr } from '../../python-repr.js'

/** A value as the messages of a real Glance show it. Long texts are cut. */
export const glanceRepr = (value: unknown): string => pythonRepr(value, quoteCut)

function quoteCut(whole: string): string {
  const text = cutText(whole)
  return text.includes("'") && !text.includes('"') ? `"${text}"` : `'${text}'`
}
