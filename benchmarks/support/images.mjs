import { run } from './process.mjs'

// The server may have closed a kept connection during the previous transfer.
const ownConnection = { connection: 'close' }

/** Creates a queued record and resolves to its id. `access` is a cloud's `{ token, imageUrl }`. */
export async function makeImage({ token, imageUrl }, fields = {}) {
  const response = await fetch(`${imageUrl}/images`, {
    method: 'POST',
    headers: {
      'x-auth-token': token,
      'content-type': 'application/json',
      accept: 'application/json',
      ...ownConnection,
    },
    body: JSON.stringify({ disk_format: 'raw', container_format: 'bare', visibility: 'private', ...fields }),
  })
  if (response.status !== 201) throw new Error(`no image made: ${response.status} ${await response.text()}`)
  return (await response.json()).id
}

export async function removeImage({ token, imageUrl }, id) {
  await fetch(`${imageUrl}/images/${id}`, { method: 'DELETE', headers: { 'x-auth-token': token, ...ownConnection } })
}

/** Sends a file as an image's data with curl, or with `stage` as its staged data; resolves to the seconds it took. */
export async function curlUpload({ imageUrl, tokenFile }, id, file, route = 'file') {
  const headers = ['-H', `@${tokenFile}`, '-H', 'Content-Type: application/octet-stream', '-H', 'Expect:']
  const { seconds } = await run('curl', ['-sS', '--fail', '-T', file, ...headers, `${imageUrl}/images/${id}/${route}`])
  return seconds
}

/** Fetches an image's data into a file with curl; resolves to the seconds it took. */
export async function curlDownload({ imageUrl, tokenFile }, id, file) {
  const { seconds } = await run('curl', [
    '-sS',
    '--fail',
    '-o',
    file,
    '-H',
    `@${tokenFile}`,
    `${imageUrl}/images/${id}/file`,
  ])
  return seconds
}
