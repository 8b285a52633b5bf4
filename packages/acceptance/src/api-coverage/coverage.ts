/** One route of the image API, and where each part of tyrax has it. */
export interface Coverage {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With names of resources in braces, as in `/v2/images/{image}`. */
  readonly route: string
  /** The version of the API that brought it. */
  readonly since: string
  /** The method of the SDK, from `cloud` on. */
  readonly sdk: string | Missing
  /** The words of the command. */
  readonly command: string | Missing
  readonly test: Proof
}

/** Why a part does without the route. */
export interface Missing {
  readonly missing: string
}

/** The test that shows that the embedded cloud has the route: a file of this repository, and a title in it. */
export interface Proof {
  readonly file: string
  readonly title: string
}

export const contract = (name: string, title: string): Proof => ({
  file: `packages/acceptance/src/contracts/image/${name}.ts`,
  title,
})

export const server = (name: string, title: string): Proof => ({
  file: `packages/server/src/image/${name}.test.ts`,
  title,
})

export const without = (missing: string): Missing => ({ missing })
