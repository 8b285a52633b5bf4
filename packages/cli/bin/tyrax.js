#!/usr/bin/env node
import { fileURLToPath } from 'node:url'
import { answersVersion, runBundle } from './start.js'

const folder = fileURLToPath(new URL('..', import.meta.url))
if (!answersVersion(process.argv, folder)) runBundle(folder)
