import { SourceError } from '../../../errors/transfer-errors.js'
import { TyraxError } from '../../../errors/tyrax-error.js'
import { DamagedData, type Decoder } from '../../../platform/decoder.js'
import { loadOwnDecoder, type OwnCompression } from '../decoders.js'
import { type FromThread, partBytes, partsAhead, type ThreadError, type ToThread } from './messages.js'

/** A thread that runs `serveDecoder`, as seen by the main thread. */
export interface DecoderThread {
  post(message: ToThread, transferred: readonly ArrayBuffer[]): void
  /** @param onEnd called when the thread could not start, or ended unexpectedly */
  listen(onMessage: (message: FromThread) => void, onEnd: (cause: unknown) => void): void
  /** Whether a caller is waiting for it: only then it keeps the process alive. */
  hold(isAwaited: boolean): void
  /** Stops the thread immediately, whatever it does. */
  stop(): void
}

/** Where threads are not available, returns undefined, or a thread that ends before it is ready. */
export type StartThread = () => DecoderThread | undefined

/**
 * Decompresses in a separate thread, which ends with the content, on an error, and as soon as no more data is needed.
 * Where threads are not available, the main thread decodes, with a pause for other work after every chunk.
 */
export function inThread(compression: OwnCompression, start: StartThread): Decoder {
  return (input, label, onPassedOver) => ({
    [Symbol.asyncIterator]: () =>
      new Decoding(input[Symbol.asyncIterator](), { compression, label, start, onPassedOver }),
  })
}

interface DecodingOptions {
  readonly compression: OwnCompression
  readonly label: string
  readonly start: StartThread
  readonly onPassedOver: ((bytes: number) => void) | undefined
}

class Decoding implements AsyncIterator<Uint8Array, void> {
  readonly #input: AsyncIterator<Uint8Array>
  readonly #options: DecodingOptions
  #thread: DecoderThread | undefined
  #here: AsyncIterator<Uint8Array, void> | undefined
  #hasBegun = false
  #isReady = false
  readonly #pieces: Uint8Array[] = []
  #result: { readonly error?: unknown } | undefined
  #wake: (() => void) | undefined
  #wanted = 0
  #rest: Uint8Array = new Uint8Array(0)
  #isFeeding = false
  #isReading = false
  #failure: unknown

  constructor(input: AsyncIterator<Uint8Array>, options: DecodingOptions) {
    this.#input = input
    this.#options = options
  }

  async next(): Promise<IteratorResult<Uint8Array, void>> {
    if (!this.#hasBegun) this.#begin()
    for (;;) {
      const piece = this.#pieces.shift()
      if (piece) {
        this.#thread?.post({ room: 1 }, [])
        return { done: false, value: piece }
      }
      if (this.#here) return this.#here.next()
      if (this.#result) {
        const { error } = this.#result
        this.#result = {}
        await this.#close()
        if (error !== undefined) throw error
        return { done: true, value: undefined }
      }
      this.#thread?.hold(true)
      await new Promise<void>((resolve) => (this.#wake = resolve))
      this.#thread?.hold(false)
    }
  }

  async return(): Promise<IteratorResult<Uint8Array, void>> {
    this.#hasBegun = true
    this.#pieces.length = 0
    this.#finish({})
    if (this.#here) await this.#here.return?.()
    else await this.#close()
    return { done: true, value: undefined }
  }

  #begin(): void {
    this.#hasBegun = true
    const { compression, label, start } = this.#options
    const thread = start()
    if (!thread) {
      this.#beginHere()
      return
    }
    this.#thread = thread
    thread.listen(
      (message) => this.#heard(message),
      (cause) => this.#lost(cause),
    )
    thread.post({ begin: compression, label }, [])
    thread.post({ room: partsAhead }, [])
  }

  #beginHere(): void {
    this.#here = withPauses(this.#options, { [Symbol.asyncIterator]: () => this.#input })
    this.#wake?.()
  }

  #heard(message: FromThread): void {
    if (this.#result) return
    if ('piece' in message) this.#pieces.push(new Uint8Array(message.piece, 0, message.length))
    else if ('ready' in message) this.#isReady = true
    else if ('wants' in message) {
      this.#wanted += message.wants
      void this.#feed()
    } else if ('passedOver' in message) this.#options.onPassedOver?.(message.passedOver)
    else if ('done' in message) this.#finish({})
    else if ('inputFailed' in message) this.#finish({ error: this.#failure })
    else if ('error' in message) this.#finish({ error: rebuilt(message.error) })
    else this.#lost(new Error(message.unavailable))
    this.#wake?.()
  }

  /** A thread that fails also ends: only the first event counts. */
  #lost(cause: unknown): void {
    if (this.#result || this.#here) return
    this.#thread?.stop()
    this.#thread = undefined
    if (!this.#isReady) this.#beginHere()
    else this.#finish({ error: new TyraxError('the decompression thread ended unexpectedly', { cause }) })
  }

  /** Sends compressed bytes as long as the thread has room. The source may reuse their memory, so they are copied. */
  async #feed(): Promise<void> {
    if (this.#isFeeding) return
    this.#isFeeding = true
    while (this.#wanted > 0 && !this.#result) {
      if (this.#rest.byteLength === 0) {
        const end = await this.#read()
        if (end) {
          this.#thread?.post({ end }, [])
          return
        }
        continue
      }
      const bytes = new Uint8Array(this.#rest.subarray(0, partBytes))
      this.#rest = this.#rest.subarray(bytes.byteLength)
      this.#wanted -= 1
      this.#thread?.post({ bytes: bytes.buffer }, [bytes.buffer])
    }
    this.#isFeeding = false
  }

  async #read(): Promise<'complete' | 'failed' | undefined> {
    this.#isReading = true
    try {
      const { done, value } = await this.#input.next()
      if (done) return 'complete'
      this.#rest = value
      return undefined
    } catch (error) {
      this.#failure = error
      return 'failed'
    } finally {
      this.#isReading = false
    }
  }

  #finish(result: { readonly error?: unknown }): void {
    this.#result = result
    this.#thread?.stop()
    this.#thread = undefined
    this.#wake?.()
  }

  /** Not awaited while a read is pending: a silent source returns only after its next byte, which may never come. */
  async #close(): Promise<void> {
    const closing = this.#input.return?.()
    if (this.#isReading) void closing?.catch(() => undefined)
    else await closing
  }
}

function rebuilt({ kind, message, hint, cause }: ThreadError): Error {
  const options = cause === undefined ? {} : { cause: new Error(cause) }
  if (kind === 'damaged') return new DamagedData(message, { ...options, hint })
  return kind === 'source' ? new SourceError(message, { ...options, hint }) : new Error(message, options)
}

/** Resolved promises do not let timers, sockets or clicks run in between. */
async function* withPauses({ compression, label, onPassedOver }: DecodingOptions, input: AsyncIterable<Uint8Array>) {
  const decoder = await loadOwnDecoder(compression)
  for await (const piece of decoder(input, label, onPassedOver)) {
    yield piece
    await new Promise((resolve) => setTimeout(resolve))
  }
}
