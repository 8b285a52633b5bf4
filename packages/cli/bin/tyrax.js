#!/usr/bin/env node
// A Node that is too old to run tyrax must be able to parse this file: no module, no new syntax.
'use strict'
var parts = process.versions.node.split('.')
if (Number(parts[0]) > 20 || (Number(parts[0]) === 20 && Number(parts[1]) >= 19)) {
  require('./start.cjs')
} else {
  process.stderr.write('error: tyrax needs Node 20.19 or newer, and this is ' + process.versions.node + '\n')
  process.exitCode = 1
}
