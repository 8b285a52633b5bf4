type Piece = string | Uint8Array

/** Zeros with the pieces written over them; strings have one byte per character. */
export function image(length: number, pieces: Readonly<Record<number, Piece>>): Uint8Array {
  const bytes = new Uint8Array(length)
  for (const [at, piece] of Object.entries(pieces))
    bytes.set(typeof piece === 'string' ? latin1(piece) : piece, Number(at))
  return bytes
}

const latin1 = (characters: string): Uint8Array => Uint8Array.from(characters, (each) => each.charCodeAt(0))

function packed(length: number, write: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(length)
  write(new DataView(bytes.buffer))
  return bytes
}

export const be32 = (value: number): Uint8Array => packed(4, (view) => view.setUint32(0, value))
export const be64 = (value: bigint): Uint8Array => packed(8, (view) => view.setBigUint64(0, value))
export const le16 = (value: number): Uint8Array => packed(2, (view) => view.setUint16(0, value, true))
export const le32 = (value: number): Uint8Array => packed(4, (view) => view.setUint32(0, value, true))
export const le64 = (value: bigint): Uint8Array => packed(8, (view) => view.setBigUint64(0, value, true))

export const utf16le = (characters: string): Uint8Array =>
  packed(characters.length * 2, (view) => {
    for (let at = 0; at < characters.length; at += 1) view.setUint16(at * 2, characters.charCodeAt(at), true)
  })

/** A GUID as Microsoft's formats store it. */
export function guidBytes(id: string): Uint8Array {
  const digits = id.replaceAll('-', '')
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]
  return Uint8Array.from(order, (at) => Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16))
}

/** A boot sector's end and one bootable Linux partition. */
export const bootSector: Readonly<Record<number, Piece>> = {
  446: '\x80\0\x01\0\x83\0\x01\0',
  454: '\0\x08\0\0\0\x08\0\0',
  510: '\x55\xaa',
}
