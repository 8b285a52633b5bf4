import { requireOwner } from '../../access/policy.js'
import { conflict, invalid } from '../../errors.js'
import { filterUrl } from '../web/import-filter.js'
import { openUrl } from '../web/open-url.js'
import type { CreateMethod } from './import-method.js'

/** Downloads the bytes from a web server (glance/async_/flows/_internal_plugins/web_download.py). */
export const webDownload: CreateMethod = ({ config }) => {
  const { importFilter: filter, importIdleSeconds } = config
  return {
    name: 'web-download',
    requireStatus({ status }) {
      if (status !== 'queued') throw conflict(`Image needs to be in 'queued' state to use 'web-download' method`)
    },
    requireRight: (caller, image) => requireOwner(caller, image, 'modify_image'),
    async requireSource({ uri }) {
      if (typeof uri === 'string' && (await filterUrl(uri, filter)) !== undefined) return
      const shown = uri === undefined || uri === null ? 'None' : typeof uri === 'string' ? uri : JSON.stringify(uri)
      throw invalid(`URI for web-download does not pass filtering: ${shown}`)
    },
    async open({ fields, signal }) {
      const options = { filter, idleMilliseconds: importIdleSeconds * 1000, signal }
      return { kind: 'stream', ...(await openUrl(String(fields['uri']), options)) }
    },
  }
}
