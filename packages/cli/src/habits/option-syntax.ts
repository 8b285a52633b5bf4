/** The flags of an option and its value, taken apart: `-m, --marker <marker>`. */
export interface OptionSyntax {
  readonly flags: readonly string[]
  /** `maybe`: `[bool]`, a value that may be missing; `rest`: `<tags...>`, all words up to the next option. */
  readonly value: 'none' | 'one' | 'maybe' | 'rest'
}

export function optionSyntax(text: string): OptionSyntax {
  const flags = text.match(/(?<![\w-])-{1,2}[A-Za-z][\w-]*/g) ?? []
  if (text.includes('...')) return { flags, value: 'rest' }
  if (text.includes('[')) return { flags, value: 'maybe' }
  return { flags, value: text.includes('<') ? 'one' : 'none' }
}

/** An option as it was typed: its flag, and the value that was attached to it. */
export function typedOption(word: string): { readonly flag: string; readonly attached: string | undefined } {
  const [, flag = word, attached] = /^(--[^=]+)=(.*)$/s.exec(word) ?? /^(-[A-Za-z])(.+)$/s.exec(word) ?? []
  return { flag, attached }
}
