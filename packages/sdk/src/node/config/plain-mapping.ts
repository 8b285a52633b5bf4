/** A mapping of mappings and texts. */
type Mapping = { [key: string]: Mapping | string | null }

/**
 * `key:` or `key: value`, with a comment or without. A value is text in quotes without escapes, or text that begins with
 * no sign of YAML and has neither `: ` nor ` #` in it.
 */
const entry =
  /^( *)(?:"([\w.@ -]{1,100})"|(\w[\w.-]{0,100})):(?: +(?:"([ !#-[\]-~]*)"|'([ -&(-~]*)'|([\w/.](?:[!-9;-~]|:(?=[!-~])| +(?![ #]|$))*)))?(?: +#[ -~]*| *)$/

const ignored = /^ *(?:#[ -~]*)?$/

/** A mapping whose entries begin in the column `indent`. */
interface Level {
  readonly indent: number
  readonly mapping: Mapping
}

/**
 * Reads the part of YAML that nearly every clouds.yaml is written in: mappings in lines of their own, with texts on one
 * line. Loading and running a parser of all of YAML takes a tenth of the time of a short command.
 * @returns every scalar as it is written, empty values and `null` without quotes as null; undefined for whatever is
 * written in another way or is not YAML, for the whole parser to judge
 */
export function plainMapping(text: string): Mapping | undefined {
  const root: Mapping = {}
  const levels: Level[] = [{ indent: 0, mapping: root }]
  /** The mapping and the key of the line before, when it has no value: the next line may begin its mapping. */
  let open: (Level & { readonly key: string }) | undefined
  let hasBegun = false
  for (const line of text.split(/\r?\n/)) {
    if (ignored.test(line)) continue
    const isMarker = line === '---' && !hasBegun
    hasBegun = true
    if (isMarker) continue
    const [, spaces, quoted, name = '', double, single, bare] = entry.exec(line) ?? []
    const key = quoted ?? name
    if (spaces === undefined || key === '__proto__') return undefined
    const indent = spaces.length
    if (open && indent > open.indent) {
      const mapping: Mapping = {}
      open.mapping[open.key] = mapping
      levels.push({ indent, mapping })
    }
    while (indent < (levels.at(-1)?.indent ?? 0)) levels.pop()
    const level = levels.at(-1)
    if (level?.indent !== indent || Object.hasOwn(level.mapping, key)) return undefined
    const value = double ?? single ?? (bare === undefined || /^(?:null|Null|NULL)$/.test(bare) ? null : bare)
    level.mapping[key] = value
    const hasValue = double !== undefined || single !== undefined || bare !== undefined
    open = hasValue ? undefined : { ...level, key }
  }
  return Object.keys(root).length > 0 ? root : undefined
}
