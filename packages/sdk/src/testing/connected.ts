import { createServices, type Services } from '../cloud/services.js'
import type { CloudOptions } from '../config/connect-options.js'
import { explicitSettings } from '../config/explicit-settings.js'
import { createUndiciTransport } from '../node/undici-transport.js'

/** The services behind a `Cloud`, for tests of the layers below the resources. */
export async function connected(options: CloudOptions): Promise<Services & AsyncDisposable> {
  const transport = createUndiciTransport({ proxy: false })
  const trust = { isVerified: true, means: '' }
  const settings = explicitSettings(options)
  const services = await createServices(settings, { retry: { delayMs: 1 }, ...options }, transport, trust)
  return {
    ...services,
    async [Symbol.asyncDispose]() {
      services.session.close()
      await transport.close()
    },
  }
}
