import { exitCodes } from './exit-codes.js'

/** What `-f json` prints on stderr when a command fails. */
export const errorSchema = {
  title: 'An error on stderr, with -f json',
  description: 'One object on one line.',
  type: 'object',
  properties: {
    error: {
      type: 'object',
      properties: {
        code: { enum: Object.keys(exitCodes), description: 'the name of the exit code' },
        name: { type: 'string', description: 'the class of the SDK' },
        message: { type: 'string' },
        status: { type: ['integer', 'null'], description: 'of the HTTP response' },
        requestId: { type: ['string', 'null'] },
        retryable: { type: 'boolean' },
        hint: { type: ['string', 'null'], description: 'what to do about it' },
        leftBehind: { type: 'string', description: 'the id of an image that was created and could not be deleted' },
        verdict: { const: 'mismatch', description: 'the data differs from its hash' },
        problems: { type: 'array', items: { type: 'object' }, description: 'why a disk image was refused' },
        again: { type: ['string', 'null'], description: 'how to continue a command that was stopped' },
        candidates: { type: 'array', items: { type: 'object' }, description: 'what a name matches' },
      },
      required: ['code', 'name', 'message', 'status', 'requestId', 'retryable', 'hint'],
    },
  },
  required: ['error'],
} as const

/** Lines that `-f json` prints on stderr while a command runs. */
export const messageSchema = {
  title: 'A warning or a note on stderr, with -f json',
  type: 'object',
  oneOf: [
    { properties: { warning: { type: 'string' } }, required: ['warning'] },
    { properties: { note: { type: 'string' } }, required: ['note'] },
  ],
} as const
