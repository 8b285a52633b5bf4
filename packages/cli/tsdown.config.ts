import { fileURLToPath } from 'node:url'
import { defineConfig, type UserConfig } from 'tsdown'
import { asFunction } from './bundle/as-function.js'
import { ascii } from './bundle/ascii.js'
import { helpersInside } from './bundle/helpers-inside.js'
import { loadedWhenUsed } from './bundle/loaded-when-used.js'
import { nodeAsItIs } from './bundle/node-as-it-is.js'
import { notices } from './bundle/notices.js'
import { parserWhenNeeded } from './bundle/parser-when-needed.js'
import { oftenAndRest, oftenIsWhole } from './bundle/often-and-rest.js'

const replaced = new Map([
  ['undici/index.js', 'undici.js'],
  ['./client-h2.js', 'no-http2.cjs'],
  ['./tree', 'no-tree.cjs'],
  ['./diagnostics.js', 'diagnostics.cjs'],
  ['../core/diagnostics.js', 'diagnostics.cjs'],
  ['node:assert', 'assert.cjs'],
  ['node:http', 'http-settings.cjs'],
  ['node:child_process', 'no-child-process.cjs'],
])

const bundleFile = (name: string) => fileURLToPath(new URL(`bundle/${name}`, import.meta.url))

const threadFile = "new URL('./decode-thread.js', import.meta.url)"

const ownRequire = 'createRequire(import.meta.url)'

/** The embedded cloud is a server: it uses the modules of Node themselves. */
const isOfCloud = (importer: string | undefined) =>
  importer !== undefined && /\/(?:server|hash-threads)\/dist\//.test(importer)

const shared = {
  cwd: fileURLToPath(new URL('.', import.meta.url)),
  outDir: 'dist',
  // Only the compiled code of a script can be cached for the next command, not that of a module.
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  minify: true,
  dts: false,
  sourcemap: false,
  // Keeps the compiler's output, which is in the same folder.
  clean: false,
  hash: false,
  fixedExtension: false,
  deps: {
    // A native module that only old versions of Node need.
    neverBundle: [/^@photostructure\/sqlite$/],
    alwaysBundle: [/^(?!@photostructure\/sqlite$|node:)/],
  },
} satisfies UserConfig

const tyrax: UserConfig = {
  ...shared,
  entry: { tyrax: 'src/main.ts' },
  outputOptions: {
    chunkFileNames: '[name].cjs',
    codeSplitting: oftenAndRest(fileURLToPath(new URL('src/main.ts', import.meta.url))),
  },
  plugins: [
    {
      name: 'without-the-rest',
      resolveId: (id, importer) => {
        const ours = isOfCloud(importer) ? undefined : replaced.get(id)
        return ours && bundleFile(ours)
      },
    },
    {
      name: 'thread-in-the-same-folder',
      transform: (code) => code.replace(threadFile, "require.resolve('./decode-thread.cjs')"),
    },
    {
      name: 'require-of-the-starter',
      transform: (code, id) =>
        id.endsWith('/server/dist/database/driver.js') ? code.replaceAll(ownRequire, 'require') : undefined,
    },
    {
      // When V8 loads a script from compiled code, it loses the way in which the script imports modules.
      name: 'imports-handed-in',
      renderChunk: (code) => code.replaceAll(/\bimport\(/g, 'importModule('),
    },
    parserWhenNeeded,
    loadedWhenUsed([
      'node:crypto',
      'node:fs/promises',
      'node:os',
      'node:timers/promises',
      'node:zlib',
      'node:worker_threads',
      './rest.cjs',
    ]),
    nodeAsItIs,
    ascii,
    helpersInside,
    asFunction,
    oftenIsWhole,
    notices(fileURLToPath(new URL('.', import.meta.url))),
  ],
  inputOptions: {
    transform: {
      inject: {
        crypto: [bundleFile('globals.js'), 'crypto'],
        performance: [bundleFile('globals.js'), 'performance'],
        WebAssembly: [bundleFile('globals.js'), 'WebAssembly'],
      },
    },
  },
}

/** Decompression runs in a thread next to the command, and a thread is started from a file. */
const decodeThread: UserConfig = {
  ...shared,
  outputOptions: { codeSplitting: false },
  entry: { 'decode-thread': fileURLToPath(new URL('../sdk/dist/node/decompress/decode-thread.js', import.meta.url)) },
}

export default defineConfig([tyrax, decodeThread])
