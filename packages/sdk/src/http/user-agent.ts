import { packageVersion } from '../package-version.js'

const own = `tyrax-sdk/${packageVersion}`

/** The User-Agent header: the application's part first, as RFC 9110 section 10.1.5 has it. */
export function userAgent(application: string | undefined): string {
  return application ? `${application} ${own}` : own
}
