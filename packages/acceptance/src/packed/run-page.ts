import { startCloud } from '@tyrax/server'
import { openPage, serveFiles } from '../browsers/page.js'

/** What `runApp` of `fixtures/packed/browser-app.mjs` returns. */
interface AppResult {
  readonly listed: readonly string[]
  readonly progress: readonly number[]
  readonly plain: { readonly verdict: string; readonly isWhole: boolean }
  readonly unpacked: {
    readonly verdict: string
    readonly decompressed: string
    readonly diskFormat: string
    readonly sha256: string
  }
}

export interface PageRun {
  readonly result: AppResult
  /** The files that the page had loaded before it ran any code. */
  readonly atStart: readonly string[]
  /** The files that were requested but do not exist. */
  readonly missing: readonly string[]
  /** The files from which threads were started. */
  readonly threads: readonly string[]
  /** The number of bytes that the threads have decompressed. */
  readonly bytesFromThreads: number
  /** Errors of the page's scripts, and errors that the browser reports. */
  readonly failures: readonly string[]
}

/** Defined by the page, and by the script that runs before it. */
declare const runApp: (authUrl: string) => Promise<AppResult>
declare const watched: { threads: string[]; bytesFromThreads: number }

/** Runs the page in Chromium, served from these files, with an embedded cloud on another origin. */
export async function runPage(files: ReadonlyMap<string, Uint8Array>): Promise<PageRun> {
  const pages = await serveFiles(files)
  const cloud = await startCloud({ port: 0, cors: [pages.origin] })
  const failures: string[] = []
  const opened = await openPage('chromium', pages.origin, {
    madeByPage: 'runApp',
    async onPage(page) {
      page.on('pageerror', (error) => failures.push(String(error)))
      page.on('console', (message) => message.type() === 'error' && failures.push(message.text()))
      await page.evaluateOnNewDocument(watchThreads)
    },
  })
  try {
    const atStart = pages.requests.map(({ name }) => name)
    const result = await opened.page.evaluate((authUrl) => runApp(authUrl), cloud.authUrl)
    const { threads, bytesFromThreads } = await opened.page.evaluate(() => watched)
    const missing = pages.requests.filter(({ status }) => status !== 200).map(({ name }) => name)
    return { result, atStart, missing, threads, bytesFromThreads, failures }
  } finally {
    await opened.close()
    await cloud.close()
    await pages.close()
  }
}

/** Runs in the page, before its own scripts. */
function watchThreads(): void {
  const seen: typeof watched = { threads: [], bytesFromThreads: 0 }
  Object.assign(globalThis, {
    watched: seen,
    Worker: class extends Worker {
      constructor(address: string | URL, options?: WorkerOptions) {
        super(address, options)
        seen.threads.push(new URL(address, location.href).pathname.slice(1))
        this.addEventListener('message', ({ data }: MessageEvent<{ readonly length?: number }>) => {
          seen.bytesFromThreads += data.length ?? 0
        })
      }
    },
  })
}
