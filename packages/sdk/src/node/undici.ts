// Loaded with `import()`, so that a program without a connection does without it. The names are imported statically:
// esbuild gives `import()` of a CommonJS package its default export alone when it splits the code.
// By its file: Bun has something of its own under the bare name, without proxies, TLS settings, timeouts and close().
export { Agent, buildConnector, Pool, ProxyAgent } from 'undici/index.js'
