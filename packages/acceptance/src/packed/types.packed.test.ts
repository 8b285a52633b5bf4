import path from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { compile, compilers, node, type Compiler } from './compile.js'

const { app, page, tools } = inject('projects')
const all = Object.keys(compilers) as Compiler[]

const resolutions = {
  nodenext: { module: 'nodenext', moduleResolution: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
  // CommonJS that requires our ES modules, which Node 20.19 and newer support.
  node10: { module: 'commonjs', moduleResolution: 'node10', verbatimModuleSyntax: undefined },
}

/** TypeScript 6 accepts node10 with a warning, TypeScript 7 no longer has it. */
const cells = all.flatMap((compiler) =>
  Object.entries(resolutions)
    .filter(([resolution]) => compiler !== 'TypeScript 7' || resolution !== 'node10')
    .map(([resolution, options]) => ({
      compiler,
      resolution,
      options: {
        ...options,
        ...(resolution === 'node10' && compiler === 'TypeScript 6' && { ignoreDeprecations: '6.0' }),
      },
    })),
)
const both = [true, false].flatMap((skipLibCheck) =>
  cells.map((cell) => ({ ...cell, skipLibCheck, options: { ...cell.options, skipLibCheck } })),
)

test.concurrent.each(both)(
  'a program in Node compiles and runs: $compiler, $resolution, skipLibCheck $skipLibCheck',
  async ({ compiler, options }) => {
    const { complaints, folder } = await compile({ project: app, tools, compiler, programs: ['app.ts'], options })
    expect(complaints).toBe('')
    const ran = await node([path.join(folder, 'app.js')], app)
    expect(ran).toEqual({ code: 0, text: 'disk active\n70000 true again raw raw true number\n' })
  },
)

const withDom = { lib: ['es2022', 'dom'], types: [], skipLibCheck: false }

test.concurrent.each(cells)(
  'a page and code for both sides compile without Node: $compiler, $resolution',
  async ({ compiler, options }) => {
    const programs = ['page.ts', 'shared.ts']
    const compiled = await compile({ project: page, tools, compiler, programs, options: { ...options, ...withDom } })
    expect(compiled.complaints).toBe('')
  },
)

describe.each(all)('%s, libraries checked', (compiler) => {
  const bundler = { ...resolutions.bundler, skipLibCheck: false }

  test.concurrent('a service worker, for a bundler that is told to resolve for browsers', async () => {
    const { complaints } = await compile({
      project: page,
      tools,
      compiler,
      programs: ['page.ts'],
      specifier: ['@tyrax/sdk/browser', '@tyrax/sdk'],
      options: { ...bundler, lib: ['es2022', 'webworker'], types: [], customConditions: ['browser'] },
    })
    expect(complaints).toBe('')
  })

  test.concurrent('the libraries that the compiler takes by itself', async () => {
    const options = { ...bundler, lib: undefined, types: undefined }
    const { complaints } = await compile({
      project: page,
      tools,
      compiler,
      programs: ['page.ts', 'shared.ts'],
      options,
    })
    expect(complaints).toBe('')
  })

  test.concurrent('the newest language', async () => {
    const options = { ...bundler, target: 'esnext', lib: ['esnext', 'dom', 'dom.asynciterable'] }
    const { complaints } = await compile({ project: app, tools, compiler, programs: ['app.ts', 'shared.ts'], options })
    expect(complaints).toBe('')
  })
})

test("Node's own names are no names of the browser's entry", async () => {
  const { complaints } = await compile({
    project: page,
    tools,
    compiler: 'TypeScript 7',
    programs: ['shared.ts'],
    specifier: ['@tyrax/sdk', '@tyrax/sdk/browser'],
    options: { ...resolutions.bundler, ...withDom },
  })
  expect(complaints).toContain("no exported member 'fromFile'")
  expect(complaints).toContain("'cloud' does not exist in type")
  expect(complaints).toContain('Expected 1 arguments, but got 0')
})

test('the installed command line says its version', async () => {
  const tyrax = path.join(app, 'node_modules/tyrax')
  const { version } = (await import(path.join(tyrax, 'package.json'), { with: { type: 'json' } })).default
  expect(await node([path.join(tyrax, 'bin/tyrax.js'), '--version'], app)).toEqual({
    code: 0,
    text: `tyrax ${version}\n`,
  })
})
