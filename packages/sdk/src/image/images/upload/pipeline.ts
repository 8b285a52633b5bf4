import { IntegrityError } from '../../../errors/transfer-errors.js'
import { policies } from '../../../retry/policies.js'
import type { Source } from '../../../sources/source.js'
import type { ImageContext } from '../context.js'
import { noteKept, withdraw } from './after-failure.js'
import { type InspectedData, inspectData } from './inspect-data.js'
import { type DeclaredFormats, joinReports, openSource } from './open-source.js'
import type { SendOptions, SignOptions, SourceOptions, SourceReport } from './options.js'
import { intoStore, sendData, type SendPlace, type SentData } from './send-data.js'

/** The record that an upload fills: one that is created for it, or an existing one. */
export interface UploadTarget extends DeclaredFormats {
  /** Of an existing record. */
  readonly id?: string | undefined
  /** Leave the record on the server when the upload fails. */
  readonly keepOnFailure: boolean
  /** Another record may be created in its place, when the server has lost it. */
  readonly isReplaceable: boolean
  /** Creates the record, or changes it, to take data of this format, with these properties; returns its id. */
  claim(diskFormat: string, properties?: Readonly<Record<string, string>>): Promise<string>
  /** Removes the record after a failure. */
  remove(id: string, error: unknown): Promise<void>
}

/** Takes the data of one source from its first byte to an image that is active and verified. */
export class UploadPipeline {
  readonly #context: ImageContext
  readonly #options: SendOptions & SourceOptions & SignOptions
  readonly #place: SendPlace
  #source: Source

  constructor(
    context: ImageContext,
    source: Source,
    options: SendOptions & SourceOptions & SignOptions,
    place: SendPlace = intoStore,
  ) {
    this.#context = context
    this.#place = place
    this.#source = source
    this.#options = options
  }

  /**
   * Opens the source, inspects it, prepares the record, sends the data, waits until the image is active and compares
   * the hash. If it fails, the record is cleaned up. The source is closed in any case.
   * @param findTarget called before the source is touched
   */
  async fill(
    findTarget: () => UploadTarget | Promise<UploadTarget>,
  ): Promise<{ readonly sent: SentData; readonly report: SourceReport }> {
    try {
      const target = await findTarget()
      const opened = await openSource(this.#context, this.#source, target, this.#options)
      this.#source = opened.source
      const inspected = await inspectData(opened, target, this.#options)
      const sent = await this.#send(inspected, target, await this.#signature(inspected.source))
      return { sent, report: joinReports(opened.report(), inspected.report) }
    } finally {
      await this.#source.close?.()
    }
  }

  /** Sends to another record when the server has lost the first one, if the data can be read again. */
  async #send(
    { source, diskFormat }: InspectedData,
    target: UploadTarget,
    properties: Readonly<Record<string, string>> | undefined,
  ): Promise<SentData> {
    const { retries, isWorthRetrying } = policies.lostRecord
    for (let attempt = 1; ; attempt += 1) {
      let { id } = target
      try {
        id = await target.claim(diskFormat, properties)
        return await sendData(this.#context, id, source, this.#options, this.#place)
      } catch (error) {
        const isAgain = attempt <= retries && target.isReplaceable && source.replayable && isWorthRetrying(error)
        if (id !== undefined) await this.#cleanUp(id, error, isAgain ? { ...target, keepOnFailure: false } : target)
        if (!isAgain) throw error
      }
    }
  }

  async #signature(source: Source): Promise<Readonly<Record<string, string>> | undefined> {
    const { sign } = this.#options
    if (sign === undefined) return undefined
    const { signatureOf } = await import('./sign-data.js')
    return signatureOf(this.#context.platform, source, sign, this.#options)
  }

  async #cleanUp(id: string, error: unknown, target: UploadTarget): Promise<void> {
    if (!target.keepOnFailure) await target.remove(id, error)
    else if (error instanceof IntegrityError) await withdraw(this.#context, id, error)
    else noteKept(id, error)
  }
}
