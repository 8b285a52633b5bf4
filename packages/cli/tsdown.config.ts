import { fileURLToPath } from 'node:url'
import { defineConfig } from 'tsdown'
import { notices } from './bundle/notices.js'

const replaced = new Map([
  ['undici', 'undici.js'],
  ['./client-h2.js', 'no-http2.cjs'],
])

export default defineConfig({
  cwd: fileURLToPath(new URL('.', import.meta.url)),
  entry: { tyrax: 'src/main.ts' },
  outDir: 'dist',
  // What a command has compiled can be kept for the next one only of a script, not of a module.
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  minify: true,
  dts: false,
  sourcemap: false,
  // The compiler's output in the same folder stays.
  clean: false,
  hash: false,
  fixedExtension: false,
  plugins: [
    {
      name: 'undici-without-the-rest',
      resolveId: (id) => {
        const ours = replaced.get(id)
        return ours && fileURLToPath(new URL(`bundle/${ours}`, import.meta.url))
      },
    },
    {
      // V8 forgets how a script imports modules when it takes the script from compiled code; bin/start.cjs hands it in.
      name: 'imports-handed-in',
      renderChunk: (code) => code.replaceAll(/\bimport\(/g, 'importModule('),
    },
    notices(fileURLToPath(new URL('.', import.meta.url))),
  ],
  // One file; what a command does not need is parsed, and never run.
  outputOptions: { codeSplitting: false },
  deps: {
    // The server comes with a native module, and most commands do without it.
    neverBundle: [/^@tyrax\/server$/],
    alwaysBundle: [/^(?!@tyrax\/server$|node:)/],
  },
})
