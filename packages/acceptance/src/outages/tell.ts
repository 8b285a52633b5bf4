/** Reports how a case went, in one line that can be quoted. */
export function tell(what: string, bytes: number, verdict: string, exchanges: readonly string[]): void {
  process.stdout.write(`${what}: ${bytes} bytes, ${verdict}; ${counted(exchanges).join(', ')}\n`)
}

/** Merges equal consecutive lines into one with their number. */
function counted(lines: readonly string[]): string[] {
  const runs: { line: string; times: number }[] = []
  for (const line of lines) {
    const last = runs.at(-1)
    if (last?.line === line) last.times += 1
    else runs.push({ line, times: 1 })
  }
  return runs.map(({ line, times }) => (times === 1 ? line : `${line} (${times} times)`))
}

export const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`
