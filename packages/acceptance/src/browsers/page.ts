import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { launch, type Page } from 'puppeteer-core'
import { rolldown } from 'rolldown'

/** The browsers from the system's packages, each driven by its own protocol. */
export const browsers = {
  chromium: {
    browser: 'chrome',
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  },
  firefox: { browser: 'firefox', executablePath: '/usr/bin/firefox-esr' },
} as const

/** A server for one page, like a static host. */
export interface PageServer {
  readonly origin: string
  /** The requested files, each with the status of the response. */
  readonly requests: readonly { readonly name: string; readonly status: number }[]
  close(): Promise<void>
}

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' }

/**
 * Serves files by their names on a free port; `index.html` is the page.
 * @param policy a content security policy
 */
export async function serveFiles(
  files: ReadonlyMap<string, string | Uint8Array>,
  policy?: string,
): Promise<PageServer> {
  const requests: { name: string; status: number }[] = []
  const server = createServer((request, response) => {
    const name = (request.url ?? '/').slice(1) || 'index.html'
    const content = files.get(name)
    const status = content === undefined ? 404 : 200
    requests.push({ name, status })
    const type = types[path.extname(name)] ?? 'application/octet-stream'
    response
      .writeHead(status, { 'content-type': type, ...(policy && { 'content-security-policy': policy }) })
      .end(content)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return { origin: `http://localhost:${port}`, requests, close: () => closed(server) }
}

/** Serves a page with the SDK as `globalThis.tyrax`, bundled like an application, and the bundle for a worker. */
export async function servePage(policy?: string): Promise<PageServer> {
  const page = '<!doctype html><meta charset="utf-8"><title>page</title><script type="module" src="/page.js"></script>'
  return serveFiles(new Map([...(await bundle()), ['index.html', page]]), policy)
}

/**
 * The SDK's browser entry, resolved by the package's exports, minified, in as many files as the bundler creates. The
 * worker's module is one of them, next to the page, as created by bundlers that follow
 * `new Worker(new URL(…, import.meta.url))`.
 */
async function bundle(): Promise<ReadonlyMap<string, string>> {
  const entry = '\0page.js'
  const thread = '\0thread.js'
  const built = await rolldown({
    input: { page: entry, 'decode-thread': thread },
    platform: 'browser',
    resolve: { conditionNames: ['browser', 'import', 'default'] },
    plugins: [
      {
        name: 'page',
        async resolveId(id) {
          if (id === entry) return id
          if (id !== thread) return undefined
          const sdk = await this.resolve('@tyrax/sdk', entry)
          return sdk && path.join(path.dirname(sdk.id), 'decompress', 'decode-thread.js')
        },
        load: (id) => (id === entry ? "import * as tyrax from '@tyrax/sdk'; globalThis.tyrax = tyrax" : undefined),
      },
    ],
  })
  const { output } = await built.generate({ format: 'esm', minify: true })
  await built.close()
  return new Map(output.map((file) => [file.fileName, file.type === 'chunk' ? file.code : String(file.source)]))
}

interface OpenOptions {
  /** The global variable that the page's script defines. */
  readonly madeByPage?: string
  /** Called before the page is loaded. */
  readonly onPage?: (page: Page) => unknown
}

/**
 * Opens a browser with the page, once its script has run. It has a home folder of its own, which is removed when it is
 * closed.
 */
export async function openPage(
  name: keyof typeof browsers,
  origin: string,
  { madeByPage = 'tyrax', onPage }: OpenOptions = {},
): Promise<{ readonly page: Page; close(): Promise<void> }> {
  const home = await mkdtemp(path.join(tmpdir(), 'tyrax-browser-'))
  const browser = await launch({
    ...browsers[name],
    headless: true,
    env: { PATH: process.env['PATH'], HOME: home },
    args: [...(name === 'chromium' ? browsers.chromium.args : [])],
  })
  const page = await browser.newPage()
  await onPage?.(page)
  await page.goto(origin)
  await page.waitForFunction((global) => global in globalThis, {}, madeByPage)
  return {
    page,
    async close() {
      await browser.close()
      await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    },
  }
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => {
    server.close(resolve)
  })
}
