import type { SignIn } from '@tyrax/sdk'
import type { Context } from '../command/context.js'
import { canAsk, isAttended } from './attended.js'

/**
 * How a login reaches the person at the terminal. Without one, such a login fails. Whether there is one is found out when a
 * login needs it: that opens standard error.
 */
export function signInOf(context: Context): SignIn {
  const ways: Required<SignIn> = {
    showCode({ url, completeUrl, userCode }) {
      const filled = completeUrl === undefined ? '' : `, or open ${completeUrl}`
      context.announce(`To sign in, open ${url} and enter the code ${userCode}${filled}`)
    },
    async openPage(url) {
      context.announce(`To sign in, open ${url}`)
      const { openBrowser } = await import('./open-browser.js')
      openBrowser(url, context.env, () => context.note('no browser could be opened: open the address yourself'))
    },
    async askPasscode() {
      const { askSecret } = await import('../input/ask.js')
      return askSecret(context, 'Passcode')
    },
  }
  return {
    get showCode() {
      return isAttended(context) ? ways.showCode : undefined
    },
    get openPage() {
      return isAttended(context) ? ways.openPage : undefined
    },
    get askPasscode() {
      return canAsk(context) ? ways.askPasscode : undefined
    },
  }
}
