import type { Verdict } from './verdicts.mjs'

export function damagedSample(compression: string): { readonly name: string; readonly bytes: Buffer }[]
export function shortVerdict(verdict: Verdict): string
export function verdictsPath(compression: string): string
