export function randomFrom(seed: number): (below: number) => number
export function mutated(bytes: Buffer, random: (below: number) => number, others?: readonly Buffer[]): Buffer
