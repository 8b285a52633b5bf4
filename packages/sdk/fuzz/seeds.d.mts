export function fixtureSeeds(compression: string): { readonly name: string; readonly bytes: Buffer }[]
