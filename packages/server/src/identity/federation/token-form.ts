import { respond } from '../../http/respond.js'
import type { IdentityContext } from '../http/site.js'

/** The page that posts the token to the program that waits for it (etc/sso_callback_template.html of Keystone). */
export function tokenForm(c: IdentityContext, origin: string, token: string): Response {
  return respond(
    c,
    200,
    { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
    `<!DOCTYPE html>
<html lang="en">
  <head><meta charset="utf-8"><title>Keystone WebSSO redirect</title></head>
  <body>
    <form id="sso" name="sso" action="${escaped(origin)}" method="post">
      Please wait...<br>
      <input type="hidden" name="token" id="token" value="${escaped(token)}">
      <noscript><input type="submit" name="submit_no_javascript" id="submit_no_javascript" value="Continue"></noscript>
    </form>
    <script>window.onload = () => document.forms['sso'].submit()</script>
  </body>
</html>
`,
  )
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)
}
