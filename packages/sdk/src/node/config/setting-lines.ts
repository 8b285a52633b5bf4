import { readFile } from 'node:fs/promises'
import { isMap, isScalar, LineCounter, parseDocument } from './yaml-package.js'

/**
 * The line of each key of a file, by the key's path as the origin of a setting has it (`clouds.demo.auth.username`).
 * Undefined for a key or a file that cannot be found again.
 */
export async function settingLines(file: string): Promise<(keyPath: string) => number | undefined> {
  const lines = new LineCounter()
  let contents: unknown
  try {
    const text = await readFile(file, 'utf8')
    contents = parseDocument(text, {
      lineCounter: lines,
      logLevel: 'error',
      uniqueKeys: false,
      prettyErrors: false,
    }).contents
  } catch {
    return () => undefined
  }
  return (keyPath) => {
    let node: unknown = contents
    let rest = keyPath
    for (;;) {
      if (!isMap(node)) return undefined
      // A name may contain dots; of repeated keys the last one is used.
      const pair = node.items.findLast(
        ({ key }) => isScalar(key) && (rest === String(key.value) || rest.startsWith(`${String(key.value)}.`)),
      )
      if (!pair || !isScalar(pair.key)) return undefined
      const name = String(pair.key.value)
      if (rest === name) return pair.key.range ? lines.linePos(pair.key.range[0]).line : undefined
      rest = rest.slice(name.length + 1)
      node = pair.value
    }
  }
}
