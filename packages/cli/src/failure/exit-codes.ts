import {
  AbortError,
  BadRequestError,
  ChecksumMismatch,
  CloudClosedError,
  ConfigError,
  ConflictError,
  ConnectionError,
  DiskImageRefused,
  EndpointNotFoundError,
  ForbiddenError,
  HttpError,
  ImageChangedError,
  ImageExistsError,
  ImageStatusError,
  ImportFailedError,
  IntegrityError,
  InvalidImageMember,
  ListInterruptedError,
  NoMatchError,
  NoUniqueMatch,
  NotFoundError,
  OverLimitError,
  SourceError,
  TimeoutError,
  UnauthorizedError,
  UsageError,
} from '@tyrax/sdk'
import { DataFolderUnusable, FolderTaken, ObjectExists, PartialFailure } from '../errors.js'
import { Stopped } from './stopped.js'

/** The signals that end a command, after its cleanup, and the exit codes that shells use for them. */
export const stopSignals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const

/** The exit codes of the process, and their meanings. Stable: scripts depend on them. */
export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  not_found: 3,
  auth: 4,
  /** Signed in, but not allowed: 403. Scripts know one code for both. */
  forbidden: 4,
  conflict: 5,
  integrity: 6,
  quota: 7,
  timeout: 8,
  partial: 9,
  network: 10,
  data_folder: 11,
  hung_up: stopSignals.SIGHUP,
  interrupted: stopSignals.SIGINT,
  terminated: stopSignals.SIGTERM,
} as const

/** The name that scripts use for a failure: the key of its exit code. */
export type Outcome = keyof typeof exitCodes

/** The first match decides, so subclasses come before their parents. */
const outcomes: readonly (readonly [match: (error: unknown) => boolean, outcome: Outcome])[] = [
  [(error) => error instanceof PartialFailure, 'partial'],
  [(error) => error instanceof FolderTaken || error instanceof ImageChangedError, 'conflict'],
  [(error) => error instanceof DataFolderUnusable, 'data_folder'],
  [(error) => error instanceof UsageError, 'usage'],
  [(error) => error instanceof ConfigError, 'usage'],
  [(error) => error instanceof EndpointNotFoundError, 'usage'],
  [(error) => error instanceof DiskImageRefused, 'integrity'],
  [(error) => error instanceof IntegrityError, 'integrity'],
  [(error) => error instanceof ChecksumMismatch, 'integrity'],
  [(error) => error instanceof NoMatchError, 'not_found'],
  [(error) => error instanceof NoUniqueMatch, 'conflict'],
  [(error) => error instanceof InvalidImageMember, 'not_found'],
  // With a cause, the image after which the list was to continue was deleted; without one, the server's pages repeat.
  [(error) => error instanceof ListInterruptedError && error.cause !== undefined, 'not_found'],
  [(error) => error instanceof ImportFailedError, 'failure'],
  [(error) => error instanceof ImageExistsError || error instanceof ObjectExists, 'conflict'],
  [(error) => error instanceof ImageStatusError, 'conflict'],
  [(error) => error instanceof NotFoundError, 'not_found'],
  [(error) => error instanceof UnauthorizedError, 'auth'],
  [(error) => error instanceof ForbiddenError, 'forbidden'],
  [(error) => error instanceof ConflictError, 'conflict'],
  [(error) => error instanceof OverLimitError, 'quota'],
  [(error) => error instanceof BadRequestError, 'usage'],
  [(error) => error instanceof HttpError && error.status === 410, 'conflict'],
  [(error) => error instanceof HttpError && error.status === 415, 'integrity'],
  [(error) => error instanceof HttpError && error.status === 507, 'quota'],
  [(error) => error instanceof HttpError && error.retryable, 'network'],
  [(error) => error instanceof TimeoutError && error.limit === 'deadline', 'timeout'],
  [(error) => error instanceof TimeoutError && error.limit === 'login', 'auth'],
  [(error) => error instanceof TimeoutError, 'network'],
  [(error) => error instanceof ConnectionError, 'network'],
  // An address that data was to be read from.
  [(error) => error instanceof SourceError && isNetwork(error.cause), 'network'],
  [(error) => error instanceof AbortError || error instanceof CloudClosedError, 'interrupted'],
]

const isNetwork = (cause: unknown): boolean => cause instanceof ConnectionError || cause instanceof TimeoutError

/** Maps an error to its exit code. */
export function outcomeOf(error: unknown): Outcome {
  if (error instanceof Stopped) return error.outcome
  return outcomes.find(([match]) => match(error))?.[1] ?? 'failure'
}
