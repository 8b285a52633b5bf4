/** Far more than any page of a list has, and few enough to be held. */
const mostContainers = 1_000_000
const mostDepth = 200

/**
 * Looks at JSON as it arrives, before it is parsed: three bytes of text can become fifty of memory, so that a bound on
 * the text alone bounds nothing. Not a check of the grammar, which the parser does.
 * @throws Error that says what there is too much of
 */
export function createJsonShape(): (chunk: Uint8Array) => void {
  let isText = false
  let isEscaped = false
  let depth = 0
  let containers = 0
  return (chunk) => {
    for (const byte of chunk) {
      if (isEscaped) isEscaped = false
      else if (isText) {
        if (byte === quote) isText = false
        else if (byte === backslash) isEscaped = true
      } else if (byte === quote) isText = true
      else if (byte === bracket || byte === brace) {
        containers += 1
        depth += 1
        if (containers > mostContainers) throw new Error(`more than ${mostContainers} lists and objects`)
        if (depth > mostDepth) throw new Error(`lists and objects nested more than ${mostDepth} deep`)
      } else if (byte === bracket + 2 || byte === brace + 2) depth -= 1
    }
  }
}

const quote = 0x22
const backslash = 0x5c
const bracket = 0x5b
const brace = 0x7b
