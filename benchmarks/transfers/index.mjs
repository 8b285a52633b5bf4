import * as eightAtOnce from './eight-at-once.mjs'
import * as eightMemory from './eight-memory.mjs'
import * as glanceDownload from './glance-download.mjs'
import * as inspect from './inspect.mjs'
import * as inspectBytes from './inspect-bytes.mjs'
import * as memoryGrowth from './memory-growth.mjs'
import * as openstackDownload from './openstack-download.mjs'
import * as resume from './resume.mjs'
import * as runAgain from './run-again.mjs'
import * as transferMemory from './transfer-memory.mjs'
import * as verifiedDownload from './verified-download.mjs'
import * as verifiedUpload from './verified-upload.mjs'

export const transfers = [
  verifiedUpload,
  verifiedDownload,
  glanceDownload,
  openstackDownload,
  resume,
  runAgain,
  transferMemory,
  memoryGrowth,
  inspect,
  inspectBytes,
  eightAtOnce,
  eightMemory,
]
