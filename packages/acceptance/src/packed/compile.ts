import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const compilers = {
  'TypeScript 5.9': ['ts5', 'lib/tsc.js'],
  'TypeScript 6': ['ts6', 'lib/tsc.js'],
  'TypeScript 7': ['ts7', 'bin/tsc'],
} as const
export type Compiler = keyof typeof compilers

/** The settings of a strict project; a test changes only what it is about. */
const strict = {
  target: 'es2022',
  lib: ['es2022'],
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  isolatedModules: true,
  verbatimModuleSyntax: true,
  rootDir: '.',
  outDir: 'out',
}

interface Compilation {
  /** The project with the packed packages, in which a folder is created for this program. */
  readonly project: string
  readonly tools: string
  readonly compiler: Compiler
  /** Files of `fixtures/packed`. */
  readonly programs: readonly string[]
  /** Replaced in their text. */
  readonly specifier?: readonly [from: string, to: string]
  readonly options: Readonly<Record<string, unknown>>
}

export interface Compiled {
  /** What the compiler found; empty when the program compiled. */
  readonly complaints: string
  /** The folder of the compiled JavaScript. */
  readonly folder: string
}

/** Compiles programs in their own folder, as a project with its own package.json and tsconfig.json. */
export async function compile({
  project,
  tools,
  compiler,
  programs,
  specifier = ['', ''],
  options,
}: Compilation): Promise<Compiled> {
  const folder = path.join(project, `${programs[0]}-${Math.random().toString(36).slice(2)}`)
  await mkdir(folder)
  const compilerOptions = Object.fromEntries(
    Object.entries({ ...strict, ...options }).filter(([, value]) => value !== undefined),
  )
  const type = compilerOptions['module'] === 'commonjs' ? 'commonjs' : 'module'
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ type }))
  for (const program of programs) {
    const source = await readFile(fixture(program), 'utf8')
    await writeFile(path.join(folder, program), source.replaceAll(...specifier))
  }
  await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: programs }))
  const [name, file] = compilers[compiler]
  const { code, text } = await node([path.join(tools, 'node_modules', name, file), '--pretty', 'false'], folder)
  const complaints = code === 0 ? '' : text || `${compiler} ended with ${code}`
  return { complaints, folder: path.join(folder, 'out') }
}

/** The path of a program or page of `fixtures/packed`. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/packed/${name}`, import.meta.url))
}

/** Runs Node and returns its exit code and output, even if it fails. */
export function node(args: readonly string[], cwd: string): Promise<{ code: number; text: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0
      resolve({ code, text: stdout + stderr })
    })
  })
}
