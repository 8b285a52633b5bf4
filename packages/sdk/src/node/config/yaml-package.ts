// Loaded with `import()`, so that a program without configuration files does without it. The names are imported
// statically: esbuild gives `import()` of a CommonJS package its default export alone when it splits the code.
export { isScalar, LineCounter, parseDocument, visit } from 'yaml'
