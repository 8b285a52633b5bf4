import type { FaultyCloud } from '../faulty-cloud.js'

/** Requests that send data. */
export const file = { method: 'PUT', path: '/file$' } as const
export const raw = { name: 'u', diskFormat: 'raw' } as const

/** The requests that sent data, as the fault server recorded them. */
export const uploads = (under: FaultyCloud) => under.image.requests.filter((each) => each.path.endsWith('/file'))

/** The statuses of the images on the server, read past the faults. */
export const leftOvers = async (under: FaultyCloud) =>
  (await under.direct.images.listAll()).map((image) => image.status)
