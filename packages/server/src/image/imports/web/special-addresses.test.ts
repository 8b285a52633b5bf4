import { expect, test } from 'vitest'
import { isSpecialAddress } from './special-addresses.js'

test.each([
  '127.0.0.1',
  '127.255.0.9',
  '0.0.0.0',
  '169.254.169.254',
  '224.0.0.1',
  '255.255.255.255',
  '::1',
  '::',
  'fe80::1',
  'fe80::1%eth0',
  'ff02::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:a9fe:a9fe',
  '::ffff:0:127.0.0.1',
  '::127.0.0.1',
  '64:ff9b::127.0.0.1',
  '64:ff9b:1::169.254.169.254',
  '2002:7f00:1::',
  'no address',
])('%s is special', (address) => {
  expect(isSpecialAddress(address)).toBe(true)
})

test.each([
  '1.1.1.1',
  '10.0.0.1',
  '192.168.1.1',
  '172.16.0.1',
  '2606:4700::1111',
  'fd00::1',
  '::ffff:10.0.0.1',
  '2002:a00:1::',
])('%s can be a server of its own', (address) => {
  expect(isSpecialAddress(address)).toBe(false)
})
