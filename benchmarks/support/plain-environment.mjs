/**
 * The environment without the authorities of `NODE_EXTRA_CA_CERTS`. Node reads them before each program, which can take
 * longer than the program itself, and no service that is measured here uses TLS.
 */
export function plainEnvironment() {
  const { NODE_EXTRA_CA_CERTS: _unused, ...env } = process.env
  return env
}
