import type { FaultyCloud } from '../faulty-cloud.js'

/** The requests that send data. */
export const file = { method: 'PUT', path: '/file$' } as const
export const raw = { name: 'u', diskFormat: 'raw' } as const

/** The requests that sent data, as they were seen. */
export const uploads = (under: FaultyCloud) => under.image.requests.filter((each) => each.path.endsWith('/file'))

/** The statuses of what is on the server, seen past the faults. */
export const leftOvers = async (under: FaultyCloud) =>
  (await under.direct.images.listAll()).map((image) => image.status)
