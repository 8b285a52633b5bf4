import type { Format } from '../format.js'
import { bzip2 } from './bzip2.js'
import { foreign } from './foreign.js'
import { gpt } from './gpt.js'
import { gzip } from './gzip.js'
import { iso } from './iso.js'
import { luks } from './luks.js'
import { mbr } from './mbr.js'
import { ploop } from './ploop.js'
import { qcow } from './qcow.js'
import { qcow2 } from './qcow2.js'
import { qed } from './qed.js'
import { tar } from './tar.js'
import { text } from './text.js'
import { vdi } from './vdi.js'
import { vhd } from './vhd.js'
import { vhdx } from './vhdx.js'
import { vmdk } from './vmdk.js'
import { xz } from './xz.js'
import { zip } from './zip.js'
import { zstd } from './zstd.js'

export { raw } from './raw.js'

/**
 * The most reliable signs first: formats that Glance recognises by a magic, then archives and compressed files, then
 * formats with only a boot sector, then text.
 */
export const formats: readonly Format[] = [
  qcow2,
  qcow,
  vmdk,
  vhd,
  vhdx,
  qed,
  luks,
  ploop,
  vdi,
  iso,
  gzip,
  xz,
  zstd,
  bzip2,
  zip,
  tar,
  ...foreign,
  gpt,
  mbr,
  text,
]
