import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { bodyOfHtml, longestPage, stripHtml } from './strip-html.js'

test.each([
  ['<html><head><title>x</title></head><body>a<br>b</body></html>', 'a b'],
  ['a <!-- <b>hidden</b> --> b', 'a b'],
  ['a <SCRIPT type="x">if (1 < 2) {}</Script > b', 'a b'],
  ['1 < 2 and 3 > 2', '1 < 2 and 3 > 2'],
  ['a <!-- without an end', 'a <!-- without an end'],
  ['a <script> without an end', 'a without an end'],
  ['a <b without an end', 'a <b without an end'],
  ['<p>a&nbsp;&amp;&#39;b&unknown;</p>', "a &'b&unknown;"],
])('the words of %j are %j', (text, words) => {
  expect(stripHtml(text)).toBe(words)
})

test.each([
  '<!--',
  '<script>',
  '<head',
  '<',
  '</',
  '<a',
  '&',
  '&a',
  '&#',
  ' ',
  '<body ',
  '<!',
  '</script',
  '<style></head>',
])('%j, however often it comes, is read once', (part) => {
  // With regular expressions that search for each end again, this takes seconds to minutes, and the test times out.
  for (let times = 0; times < 50; times += 1) {
    const text = part.repeat(1_000_000 / part.length)
    expect(stripHtml(text).length).toBeLessThanOrEqual(longestPage)
    bodyOfHtml(text)
  }
})

test('no text makes it throw, or gains a word', () => {
  const parts = fc.constantFrom('<', '>', '<!--', '-->', '<script>', '</script>', '<b>', 'x', ' ', '<body', '&amp')
  fc.assert(
    fc.property(fc.array(parts), (texts) => {
      const said = stripHtml(texts.join(''))
      expect(said.replaceAll(' ', '').length).toBeLessThanOrEqual(texts.join('').length)
    }),
  )
})
