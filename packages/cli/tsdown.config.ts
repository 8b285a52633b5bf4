import { fileURLToPath } from 'node:url'
import { defineConfig } from 'tsdown'

export default defineConfig({
  cwd: fileURLToPath(new URL('.', import.meta.url)),
  entry: { tyrax: 'src/main.ts' },
  outDir: 'dist',
  format: 'esm',
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
      resolveId: (id) => (id === 'undici' ? fileURLToPath(new URL('bundle/undici.js', import.meta.url)) : undefined),
    },
  ],
  // One file; what a command does not need is parsed, and never run.
  outputOptions: { codeSplitting: false },
  deps: {
    // The server comes with a native module, and most commands do without it.
    neverBundle: [/^@tyrax\/server$/],
    alwaysBundle: [/^(?!@tyrax\/server$|node:)/],
  },
})
