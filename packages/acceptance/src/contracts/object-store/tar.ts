/** A member of an archive that a test makes. */
export interface TarFile {
  readonly name: string | Buffer
  readonly data?: string | undefined
  /** @default a file */
  readonly type?: string | undefined
}

/** A tar archive of these members, in the format ustar. */
export function tarOf(...files: readonly TarFile[]): Buffer {
  return Buffer.concat([...files.map(member), Buffer.alloc(1024)])
}

/** An extended header (pax) for the member after it. */
export function paxHeader(records: Readonly<Record<string, string>>): TarFile {
  const lines = Object.entries(records).map(([key, value]) => {
    const rest = ` ${key}=${value}\n`
    const length = Buffer.byteLength(rest)
    const digits = String(length + String(length + 3).length).length
    return `${length + digits}${rest}`
  })
  return { name: 'PaxHeader/next', data: lines.join(''), type: 'x' }
}

function member({ name, data = '', type = '0' }: TarFile): Buffer {
  const bytes = Buffer.from(data)
  const header = Buffer.alloc(512)
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, '0')
  Buffer.from(name).copy(header, 0, 0, 100)
  header.write('0000644\0', 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  header.write(`${octal(bytes.length, 11)}\0`, 124)
  header.write('00000000000\0', 136)
  header.write('        ', 148)
  header.write(type, 156)
  header.write('ustar\x0000', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${octal(sum, 6)}\0 `, 148)
  return Buffer.concat([header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)])
}
