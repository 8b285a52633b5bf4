import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { fixture } from './compile.js'

/**
 * A program of `fixtures/packed` in its own folder within a project, and the folder in which the bundlers are
 * installed.
 */
export interface BundleInput {
  readonly folder: string
  readonly program: string
  readonly tools: string
}

export interface Bundled {
  /** Warnings and errors of the bundler. */
  readonly complaints: readonly string[]
  /** Where the files are. */
  readonly folder: string
}

type Bundler = (input: BundleInput) => Promise<Bundled>

/** What is used of the bundlers, which are installed with the packed packages and not in this project. */
interface Vite {
  build(this: void, options: object): Promise<unknown>
}
interface Esbuild {
  build(
    this: void,
    options: object,
  ): Promise<{ warnings: readonly { text: string }[]; errors: readonly { text: string }[] }>
}
interface WebpackStats {
  toJson(options: object): { warnings: readonly { message: string }[]; errors: readonly { message: string }[] }
}
interface WebpackCompiler {
  run(callback: (error: Error | null, stats: WebpackStats) => void): void
  close(callback: (error?: Error | null) => void): void
}
type Webpack = (options: object) => WebpackCompiler

/** Bundles a page, as the bundlers' own getting-started pages do, with `index.html`. */
export const pageBundlers = {
  Vite: async ({ folder, program, tools }) => {
    await writeFile(path.join(folder, 'index.html'), html(`/${program}`, 'module'))
    return vite(tools, { root: folder })
  },
  webpack: async ({ folder, program, tools }) => {
    const output = { path: path.join(folder, 'dist') }
    const compiler = requireFrom<Webpack>(
      tools,
      'webpack',
    )({ mode: 'production', context: folder, entry: `./${program}`, output })
    const stats = await new Promise<WebpackStats>((resolve, reject) => {
      compiler.run((error, result) => {
        if (error) reject(error)
        else resolve(result)
      })
    })
    await new Promise((resolve) => {
      compiler.close(resolve)
    })
    await writeFile(path.join(output.path, 'index.html'), html('/main.js'))
    const { warnings, errors } = stats.toJson({ all: false, warnings: true, errors: true })
    return { complaints: [...warnings, ...errors].map(({ message }) => message), folder: output.path }
  },
  esbuild: (input) => esbuildPage(input, { main: input.program, 'decode-thread': '@tyrax/sdk/decode-thread' }),
  'esbuild without an entry for the thread': (input) => esbuildPage(input, { main: input.program }),
} satisfies Record<string, Bundler>

/** Bundles a program for Node; it is `server-app.js` or `server-app.cjs`. */
export const serverBundlers = {
  'esbuild, CommonJS': (input) => esbuildServer(input, { format: 'cjs', outExtension: { '.js': '.cjs' } }),
  'esbuild, packages left out': (input) => esbuildServer(input, { format: 'esm', packages: 'external' }),
  'esbuild, modules, with the thread': (input) =>
    esbuildServer(input, {
      format: 'esm',
      splitting: true,
      entryPoints: { 'server-app': input.program, 'decode-thread': '@tyrax/sdk/decode-thread' },
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)",
      },
    }),
  'Vite SSR, packages left out': ({ folder, program, tools }) => vite(tools, { root: folder, build: { ssr: program } }),
  'Vite SSR, all in one': ({ folder, program, tools }) =>
    vite(tools, { root: folder, build: { ssr: program }, ssr: { noExternal: true } }),
} satisfies Record<string, Bundler>

/** Copies a program into a new folder of the project, and bundles it there. */
export async function bundle(bundler: Bundler, project: string, program: string, tools: string): Promise<Bundled> {
  const folder = path.join(project, `${program}-${Math.random().toString(36).slice(2)}`)
  await mkdir(folder)
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
  await copyFile(fixture(program), path.join(folder, program))
  return bundler({ folder, program, tools })
}

/** The files of a folder and its subfolders, by their paths with `/`. */
export async function filesOf(folder: string): Promise<Map<string, Uint8Array>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name))
  return new Map(
    await Promise.all(
      files.map(async (file) => [path.relative(folder, file).replaceAll('\\', '/'), await readFile(file)] as const),
    ),
  )
}

async function vite(tools: string, options: { readonly root: string; readonly build?: object; readonly ssr?: object }) {
  const complaints: string[] = []
  const complain = (message: string) => void complaints.push(message)
  const customLogger = {
    hasWarned: false,
    info: () => undefined,
    warn: complain,
    warnOnce: complain,
    error: complain,
    clearScreen: () => undefined,
    hasErrorLogged: () => false,
  }
  const file = path.join(tools, 'node_modules/vite/dist/node/index.js')
  const { build } = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as Vite
  // The time that the bundler's own plugins took is irrelevant; on a busy machine it is a warning.
  const quiet = { reportCompressedSize: false, rolldownOptions: { checks: { bundlerTimings: false } } }
  await build({ configFile: false, customLogger, ...options, build: { ...quiet, ...options.build } })
  return { complaints, folder: path.join(options.root, 'dist') }
}

async function esbuildPage(input: BundleInput, entryPoints: Readonly<Record<string, string>>): Promise<Bundled> {
  const bundled = await esbuild(input, { entryPoints, format: 'esm', splitting: true, minify: true })
  await writeFile(path.join(bundled.folder, 'index.html'), html('/main.js', 'module'))
  return bundled
}

function esbuildServer(input: BundleInput, options: object): Promise<Bundled> {
  return esbuild(input, { entryPoints: [input.program], platform: 'node', target: 'node20', ...options })
}

async function esbuild({ folder, tools }: BundleInput, options: object): Promise<Bundled> {
  const outdir = path.join(folder, 'dist')
  const { build } = requireFrom<Esbuild>(tools, 'esbuild')
  const { warnings, errors } = await build({
    absWorkingDir: folder,
    outdir,
    bundle: true,
    logLevel: 'silent',
    ...options,
  })
  return { complaints: [...warnings, ...errors].map(({ text }) => text), folder: outdir }
}

/** Includes an icon, so that the browser does not request one. */
function html(script: string, type = 'text/javascript'): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>page</title><link rel="icon" href="data:,"></head>
<body><script type="${type}" src="${script}"></script></body></html>`
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the module has no types here
function requireFrom<Module>(folder: string, name: string): Module {
  return createRequire(path.join(folder, 'package.json'))(name) as Module
}
