import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSecrets } from './secrets.js'
import { parseErrorBody } from './error-body.js'

const headers = (type: string) => new Headers({ 'content-type': type })

test.each([
  [
    'Glance as JSON',
    409,
    'application/json',
    '{"message":"Image status transition is not allowed<br /><br />\\n\\n\\n","code":"409 Conflict","title":"Conflict"}',
    'Image status transition is not allowed',
    '409 Conflict',
  ],
  ['Glance as text', 409, 'text/plain', '409 Conflict\n\nImage is in use\n\n   ', 'Image is in use', undefined],
  [
    'Glance as HTML',
    404,
    'text/html',
    '<html>\n <head>\n  <title>404 Not Found</title>\n </head>\n <body>\n  <h1>404 Not Found</h1>\n  No image found with ID x<br /><br />\n </body>\n</html>',
    '404 Not Found No image found with ID x',
    undefined,
  ],
  [
    'Keystone',
    401,
    'application/json',
    '{"error":{"code":401,"message":"The request you have made requires authentication.","title":"Unauthorized"}}',
    'The request you have made requires authentication.',
    '401',
  ],
  ['Nova and Cinder', 400, 'application/json', '{"badRequest":{"code":400,"message":"Invalid"}}', 'Invalid', '400'],
  [
    'Swift',
    404,
    'text/html',
    '<html><h1>Not Found</h1><p>The resource could not be found.</p></html>',
    'Not Found The resource could not be found.',
    undefined,
  ],
  ['nothing', 503, '', '', '503 Service Unavailable', undefined],
  [
    'a page with a script',
    502,
    'text/html',
    '<!DOCTYPE html><html><head><style>a{}</style></head><body><script>x()</script><h1>Oops &amp; sorry</h1></body></html>',
    'Oops & sorry',
    undefined,
  ],
])('the words of %s are found', (_, status, type, body, message, code) => {
  expect(parseErrorBody({ status: status, headers: headers(type) }, body, createSecrets())).toMatchObject({
    message,
    code,
  })
})

test('only HTML without a request id is taken for an answer of a proxy', () => {
  const html = '<html><body>Bad Gateway</body></html>'
  expect(parseErrorBody({ status: 502, headers: headers('text/html') }, html, createSecrets()).fromProxy).toBe(true)
  expect(
    parseErrorBody(
      { status: 404, headers: new Headers({ 'content-type': 'text/html', 'x-trans-id': 'tx1' }) },
      html,
      createSecrets(),
    ).fromProxy,
  ).toBe(false)
  expect(
    parseErrorBody({ status: 409, headers: headers('application/json') }, '{"message":"no"}', createSecrets())
      .fromProxy,
  ).toBe(false)
})

test('no body makes the parser throw, give an empty message, or leave a tag', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.json()),
      fc.constantFrom('application/json', 'text/html', 'text/plain'),
      (body, type) => {
        expect(parseErrorBody({ status: 500, headers: headers(type) }, body, createSecrets()).message).not.toBe('')
      },
    ),
  )
})
