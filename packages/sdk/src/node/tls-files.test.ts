import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { makeCertificates } from '@tyrax/testkit'
import { readTlsFiles } from './tls-files.js'

const folder = mkdtempSync(join(tmpdir(), 'tyrax-pem-'))
afterAll(() => rmSync(folder, { recursive: true }))

const { ca, client, server } = makeCertificates('IP:127.0.0.1')
const none = {
  insecure: false,
  cacert: undefined,
  cert: undefined,
  key: undefined,
}
const path = (name: string) => join(folder, name)
const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
const file = (name: string, data: string | Uint8Array) => {
  writeFileSync(path(name), data)
  return path(name)
}
file('ca.pem', ca)
file('client.pem', client.cert)
file('client.key', client.key)

test.each([
  ['as it is', ca],
  ['with text around it', `# our authority\n${ca}\nend\n`],
  ['with line ends of Windows', ca.replaceAll('\n', '\r\n')],
  ['with \\n for line ends, as in a variable', ca.replaceAll('\n', '\\n')],
  ['folded into one line, as YAML folds it', ca.replaceAll('\n', ' ')],
])('cacert, cert and key may be the PEM text itself: %s', async (_, text) => {
  expect((await readTlsFiles({ ...none, cacert: text })).ca).toContain(ca)
  const shape = (pem: string) => (text.includes('\n') ? pem : pem.replaceAll('\n', text.includes('\\n') ? '\\n' : ' '))
  const both = await readTlsFiles({
    ...none,
    cert: shape(client.cert),
    key: shape(client.key),
  })
  expect(both).toEqual({ insecure: false, cert: client.cert, key: client.key })
})

test('a bundle, a byte order mark and UTF-16 are read', async () => {
  const bundle = file('bundle.pem', `${ca}${server.cert}`)
  expect((await readTlsFiles({ ...none, cacert: bundle })).ca).toBe(`${ca}${server.cert}`)
  const marked = file('marked.pem', `\uFEFF${ca}`)
  expect((await readTlsFiles({ ...none, cacert: marked })).ca).toBe(ca)
  const wide = file('wide.pem', Buffer.from(`\uFEFF${ca}`, 'utf16le'))
  expect((await readTlsFiles({ ...none, cacert: wide })).ca).toBe(ca)
})

const base64 = (pem: string) => pem.replaceAll(/-----.*-----/g, '').trim()
openssl('x509', '-in', 'ca.pem', '-outform', 'der', '-out', 'ca.der')
openssl('pkey', '-in', 'client.key', '-outform', 'der', '-out', 'key.der')
openssl('crl2pkcs7', '-nocrl', '-certfile', 'ca.pem', '-out', 'p7.pem')
openssl('crl2pkcs7', '-nocrl', '-certfile', 'ca.pem', '-outform', 'der', '-out', 'ca.p7b')
openssl('pkcs12', '-export', '-in', 'client.pem', '-inkey', 'client.key', '-passout', 'pass:x', '-out', 'client.p12')
openssl('pkcs8', '-topk8', '-in', 'client.key', '-passout', 'pass:x', '-out', 'encrypted.key')
openssl('req', '-new', '-key', 'client.key', '-subj', '/CN=x', '-out', 'request.pem')
openssl('pkey', '-in', 'client.key', '-pubout', '-out', 'public.pem')

test.each<[string, string, string | Uint8Array, RegExp, RegExp]>([
  ['empty', 'cacert', '', /is empty$/, /BEGIN CERTIFICATE/],
  ['blank', 'cacert', ' \n', /is empty$/, /BEGIN CERTIFICATE/],
  ['DER', 'cacert', readFileSync(path('ca.der')), /is a certificate in DER form/, /openssl x509 -inform der -in /],
  ['PKCS#7 in PEM', 'cacert', readFileSync(path('p7.pem')), /holds a PKCS#7 bundle and no/, /pkcs7 -inform pem/],
  ['PKCS#7 in DER', 'cacert', readFileSync(path('ca.p7b')), /is PKCS#7, not PEM/, /pkcs7 -inform der/],
  ['PKCS#12', 'cacert', readFileSync(path('client.p12')), /is PKCS#12, not PEM/, /openssl pkcs12 -in .* -nokeys/],
  ['a key', 'cacert', client.key, /holds a private key and no certificate/, /BEGIN CERTIFICATE/],
  ['a key in DER', 'cacert', readFileSync(path('key.der')), /is a private key in DER form/, /openssl pkey/],
  ['a request', 'cacert', readFileSync(path('request.pem')), /holds a certificate request and no certificate/, /./],
  ['a public key', 'cert', readFileSync(path('public.pem')), /holds a public key and no certificate/, /./],
  ['garbage', 'cacert', Buffer.from([0x30, 0x82, 1, 2, 3, 0xff]), /holds no certificate in PEM form/, /./],
  ['words', 'cacert', 'see the wiki', /holds no certificate in PEM form/, /./],
  ['a web page', 'cacert', '<!DOCTYPE html><p>404', /is a web page/, /./],
  ['base64 alone', 'cacert', base64(ca), /is base64 without the lines/, /-----BEGIN CERTIFICATE-----/],
  ['cut off', 'cacert', ca.slice(0, 200), /is cut off/, /./],
  [
    'damaged',
    'cacert',
    `${ca}${ca.replace(/\n.{20}/, `\n${'A'.repeat(20)}`)}`,
    /damaged certificate \(number 2\)/,
    /./,
  ],
  ['a certificate', 'key', client.cert, /holds a certificate and no private key/, /BEGIN PRIVATE KEY/],
  ['encrypted', 'key', readFileSync(path('encrypted.key')), /is encrypted/, /openssl pkey -in/],
  ['PKCS#12', 'key', readFileSync(path('client.p12')), /is PKCS#12/, /-nocerts -nodes/],
])('what is %s is named as such for %s', async (what, setting, data, message, hint) => {
  const name = file(`${what.replaceAll(' ', '-')}.file`, data)
  const tls = {
    ...none,
    ...(setting === 'key' && { cert: path('client.pem') }),
    [setting]: name,
  }
  const error = await readTlsFiles(tls).catch((reason: unknown) => reason)
  expect(error).toMatchObject({
    name: 'ConfigError',
    hint: expect.stringMatching(hint),
  })
  expect((error as Error).message).toMatch(message)
  expect((error as Error).message).toContain(`${setting} names ${name}, which `)
})

test('a key of another certificate, and a certificate without its key in the same file', async () => {
  await expect(readTlsFiles({ ...none, cert: server.cert, key: client.key })).rejects.toThrow(
    'the TLS key does not belong to the certificate',
  )
  await expect(readTlsFiles({ ...none, cert: path('client.pem') })).rejects.toThrow(
    `cert names ${path('client.pem')}, which holds a certificate and no private key`,
  )
  const error = await readTlsFiles({ ...none, cacert: client.key }).catch((reason: unknown) => reason)
  expect(String(error)).toContain('the text of cacert holds a private key and no certificate')
  expect(String(error)).not.toContain('BEGIN')
})
