import { UsageError } from '@tyrax/sdk'
import { fieldMeant, fieldNamed, unknownField } from './fields.js'
import { type Operator, operators, type Selector, type Term } from './selector.js'
import { readValue } from './read-value.js'

/** What an argument is that may be a selector or the name of an image. */
export type Reference =
  | { readonly kind: 'selector'; readonly selector: Selector }
  /** `doubt`: if there is no image of this name, a selector with a mistake was probably meant. */
  | { readonly kind: 'name'; readonly name: string; readonly doubt?: UsageError }

/** A field, an operator, and what follows. */
const head = new RegExp(String.raw`^\s*([^\s=!<>~,|"']+)\s*(${operators.join('|')})`)

/**
 * Tells selectors from names by their text alone: a selector begins with a field of images and an operator. All other
 * text is a name, whatever is in it.
 * @throws UsageError for a mistake in a selector
 */
export function readReference(text: string, now = Date.now()): Reference {
  const [, name] = head.exec(text) ?? []
  if (name === undefined) return { kind: 'name', name: text }
  if (fieldNamed(name)) return { kind: 'selector', selector: parseSelector(text, now) }
  const isSeveral = text.split(',').length > 1 && text.split(',').every((part) => head.test(part))
  const isDoubtful = isSeveral || fieldMeant(name) !== undefined
  return { kind: 'name', name: text, ...(isDoubtful ? { doubt: unknownField(name) } : {}) }
}

/**
 * Parses `FIELD OPERATOR VALUE[|VALUE]…`, several of them separated by commas. Values with `,` or `|` are quoted, with a
 * backslash before quotes in them.
 * @throws UsageError for unknown fields and values that a field cannot have
 */
export function parseSelector(text: string, now = Date.now()): Selector {
  const terms: Term[] = []
  let rest = text
  for (;;) {
    const [start, name, operator] = head.exec(rest) ?? []
    if (start === undefined || name === undefined) throw notATerm(text, rest)
    const field = fieldNamed(name)
    if (!field) throw unknownField(name)
    const { values, length } = readValues(rest, start.length, text)
    const written = rest.slice(0, length).trim()
    const given = { field, operator: operator as Operator, text: written }
    terms.push(asTime({ ...given, values: values.map((value) => readValue(given, value, now)) }))
    checkNumber(given, values.length)
    if (rest[length] === undefined) return { text, terms }
    rest = rest.slice(length + 1)
  }
}

/** The older an image, the earlier it was created. */
function asTime(term: Term): Term {
  const created = fieldNamed('created_at')
  if (term.field.kind !== 'age' || !created) return term
  const operator = term.operator.startsWith('<') ? term.operator.replace('<', '>') : term.operator.replace('>', '<')
  return { ...term, field: created, operator: operator as Operator }
}

function notATerm(text: string, rest: string): UsageError {
  const where = rest === text ? '' : ` after the comma, at ${JSON.stringify(rest)}`
  return new UsageError(`${JSON.stringify(text)} is not a selector${where}: it needs FIELD OPERATOR VALUE`, {
    hint: `such as 'tag=ci,age>30d'; the operators are ${operators.join(' ')}; quote a value that contains a comma: name="a,b"`,
  })
}

/** Values separated by `|`, up to a comma or the end. */
function readValues(text: string, from: number, whole: string): { values: string[]; length: number } {
  const values: string[] = []
  let at = from
  for (;;) {
    const { value, end } = readOne(text, at, whole)
    values.push(value)
    at = end
    if (text[at] !== '|') return { values, length: at }
    at += 1
  }
}

function readOne(text: string, from: number, whole: string): { value: string; end: number } {
  const [blank = ''] = /^\s*/.exec(text.slice(from)) ?? []
  const quote = text[from + blank.length]
  if (quote !== '"' && quote !== "'") {
    const [value = ''] = /^[^,|]*/.exec(text.slice(from)) ?? []
    return { value: value.trim(), end: from + value.length }
  }
  const quoted = new RegExp(String.raw`^\s*${quote}((?:\\[^]|[^\\${quote}])*)${quote}\s*(?=[,|]|$)`).exec(
    text.slice(from),
  )
  if (!quoted) {
    throw new UsageError(
      `The quote at ${JSON.stringify(text.slice(from).trim())} in ${JSON.stringify(whole)} is not closed`,
      {
        hint: 'the closing quote comes before a comma, a | or the end; write a quote inside as \\" or \\\'',
      },
    )
  }
  return { value: (quoted[1] ?? '').replaceAll(/\\(["'\\])/g, '$1'), end: from + quoted[0].length }
}

function checkNumber({ text, operator }: Pick<Term, 'text' | 'operator'>, count: number): void {
  if (count === 1 || !/[<>]/.test(operator)) return
  throw new UsageError(`${JSON.stringify(text)}: ${operator} compares with one value`, { hint: 'write two conditions' })
}
