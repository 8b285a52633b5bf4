#!/usr/bin/env node
import '../dist/tyrax.js'
