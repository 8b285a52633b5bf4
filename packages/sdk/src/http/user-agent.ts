import { packageVersion } from '../package-version.js'

const own = `tyrax-sdk/${packageVersion}`

/** The User-Agent header, with the application first (RFC 9110 section 10.1.5). */
export function userAgent(application: string | undefined): string {
  return application ? `${application} ${own}` : own
}
