// Loaded with `import()`, so that programs without configuration files do not load it. The names are imported
// statically: when esbuild splits the code, `import()` of a CommonJS package has only the default export.
export { isMap, isScalar, LineCounter, parseDocument, visit } from 'yaml'
