import { invalid } from '../errors.js'
import { fourByteProblem } from '../images/fields/four-byte.js'

/** What is written, as Glance's messages name it. */
type Written = `${'create' | 'update'} metadata ${'namespace' | 'object' | 'property' | 'tag'}`

/**
 * Glance's databases keep no characters that take four bytes in UTF-8, such as emoji. It checks texts, those of a
 * property too, but neither lists nor the names of properties in a map, and neither associations nor tags that are sent
 * together (glance/common/utils.py `no_4byte_params`, glance/db/sqlalchemy/api.py `metadef_…`).
 * @param texts what is written; only its texts matter
 * @throws invalid
 */
export function refuseFourByteTexts(written: Written, texts: object): void {
  for (const [key, value] of Object.entries(texts) as [string, unknown][]) {
    if (typeof value === 'string') {
      const problem = fourByteProblem(key, value)
      if (problem !== undefined) throw invalid(`Couldn't ${written}: ${problem}`)
    } else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      refuseFourByteTexts(written, value)
    }
  }
}
