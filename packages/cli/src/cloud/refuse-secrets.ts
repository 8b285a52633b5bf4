import { UsageError } from '@tyrax/sdk'
import type { Globals } from '../globals.js'

/** Arguments are in the list of processes and in the shell's history: secrets do not belong there. */
export function refuseSecrets(globals: Globals): void {
  const refused = [
    ['--os-password', globals.osPassword, 'OS_PASSWORD, --password-stdin or clouds.yaml'],
    ['--os-token', globals.osToken, 'OS_TOKEN'],
    [
      '--os-application-credential-secret',
      globals.osApplicationCredentialSecret,
      'OS_APPLICATION_CREDENTIAL_SECRET, --password-stdin or clouds.yaml',
    ],
  ] as const
  for (const [flag, value, instead] of refused) {
    if (value !== undefined) {
      throw new UsageError(`${flag} is not taken: every user of this machine could read it in the list of processes`, {
        hint: `give it in ${instead}`,
      })
    }
  }
}
