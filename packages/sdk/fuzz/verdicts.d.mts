import type { Decoder } from '../src/platform/decoder.js'

export interface Verdict {
  readonly content?: Buffer
  readonly why?: string
}

export function verdict(decoder: Decoder, bytes: Uint8Array): Promise<Verdict>
export function toolVerdicts(compression: string, files: readonly Uint8Array[]): Promise<Verdict[]>
export function agree(found: Verdict, tool: Verdict): boolean
