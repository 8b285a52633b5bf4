const reasons = {
  EPIPE: 'its reader has closed it',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'your disk quota is used up',
  EIO: 'the device has an input/output error',
  EBADF: 'it is closed',
}

/** Explains a failed write to standard output, at start-up and in the bundle. */
exports.stdoutFailure = ({ code, message }) => `Standard output cannot be written: ${reasons[code] ?? message}`
