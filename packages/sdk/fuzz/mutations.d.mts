import type { Decoder } from '../src/platform/decoder.js'

export interface Verdict {
  readonly content?: Buffer
  readonly why?: string
}

export function randomFrom(seed: number): (below: number) => number
export function mutated(bytes: Buffer, random: (below: number) => number): Buffer
export function verdict(decoder: Decoder, bytes: Uint8Array): Promise<Verdict>
export function toolVerdict(compression: string, bytes: Uint8Array): Verdict
export function agree(found: Verdict, tool: Verdict, sound: Buffer | undefined): boolean
