import type { IHasher } from 'hash-wasm'
import type { SourceError } from '../../../errors/transfer-errors.js'
import type { ByteReader } from '../byte-reader.js'
import { damaged, unsupported } from '../../../platform/decoder.js'
import type { Lzma2Decoder } from './lzma2.js'

/** A file that is being read: its label, the reader of its bytes, and the decoders that its blocks share. */
export interface Reading {
  readonly label: string
  readonly reader: ByteReader
  readonly lzma2: Lzma2Decoder
  /** For the short fields between the blocks. */
  readonly crc: IHasher
}

export const bad = (reading: Reading, what: string, cause?: unknown): SourceError =>
  damaged(reading.label, 'xz', what, cause)

export const beyond = (reading: Reading, what: string): SourceError => unsupported(reading.label, 'xz', what)
