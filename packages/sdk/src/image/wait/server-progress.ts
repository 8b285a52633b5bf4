import { meterProgress, type OnProgress, type ProgressMeter } from '../../transfer/progress.js'
import type { Image } from '../images/image.js'
import type { ImageTask } from '../tasks/image-task.js'
import { bytesCopied } from './import-state.js'

/** Reports what the server copies, from the messages of its task. */
export class ServerProgress {
  readonly #onProgress: OnProgress | undefined
  #meter: ProgressMeter | undefined
  #total: number | undefined
  #bytes = 0

  constructor(onProgress: OnProgress | undefined) {
    this.#onProgress = onProgress
  }

  report(image: Image, task: ImageTask | undefined, sizeBytes: number | undefined): void {
    if (!this.#onProgress) return
    const total = image.size ?? sizeBytes
    const bytes = task ? bytesCopied(task) : undefined
    // The copy to the next store begins at 0 again.
    const isNextStore = bytes !== undefined && bytes < this.#bytes
    const isNew = !this.#meter || total !== this.#total || isNextStore
    if (isNew) {
      this.#meter = meterProgress(this.#onProgress, 'server', { total, start: isNextStore ? 0 : this.#bytes })
      this.#total = total
      if (isNextStore) this.#bytes = 0
    }
    if (bytes === undefined || bytes === this.#bytes) return
    this.#meter?.add(bytes - this.#bytes)
    // Polls are rare enough to report each change.
    this.#meter?.end()
    this.#bytes = bytes
  }

  /** Everything has been copied. */
  end(): void {
    if (this.#total !== undefined) this.#meter?.add(this.#total - this.#bytes)
    this.#meter?.end()
  }
}
