// Loaded with `import()`, so that programs that do not connect do not load it. The names are imported statically: when
// esbuild splits the code, `import()` of a CommonJS package has only the default export. The file is named because Bun
// has its own module under the bare name, without proxies, TLS settings, timeouts and close().
export { Agent, buildConnector, Pool, ProxyAgent } from 'undici/index.js'
