import type { IncomingMessage } from 'node:http'
import type { Fault, FaultPlan, FaultRule } from './fault.js'

/** Returns the fault of a plan that strikes a request, if any. It counts requests, so call it once for each. */
export function faultMatcher(plan: FaultPlan): (incoming: IncomingMessage) => Fault | undefined {
  const rules = plan.map((rule) => ({ rule, matches: requestTest(rule), seen: 0 }))
  return (incoming) => {
    let chosen: Fault | undefined
    for (const entry of rules) {
      if (!entry.matches(incoming)) continue
      entry.seen += 1
      if (chosen === undefined && strikes(entry.rule, entry.seen)) chosen = entry.rule.fault
    }
    return chosen
  }
}

function strikes(rule: FaultRule, seen: number): boolean {
  const first = rule.match?.nth ?? 1
  const count = rule.match?.count ?? (rule.match?.nth === undefined ? Infinity : 1)
  return seen >= first && seen < first + count
}

function requestTest({ match = {} }: FaultRule): (incoming: IncomingMessage) => boolean {
  const path = match.path === undefined ? undefined : RegExp(match.path)
  const headers = Object.entries(match.headers ?? {}).map(([name, pattern]) => [name, RegExp(pattern)] as const)
  return (incoming) =>
    (match.method === undefined || match.method === incoming.method) &&
    (path === undefined || path.test(incoming.url ?? '')) &&
    headers.every(([name, pattern]) => pattern.test(String(incoming.headers[name] ?? '')))
}
