import type { DataInspection, SourceInspection } from '@tyrax/sdk'
import type { Row } from '../output/result.js'

/** The result of an inspection, in snake_case like everything that scripts read. Fields that do not apply are null. */
export function inspectionRow(found: SourceInspection): Row {
  return {
    ...rowOf(found),
    content: found.content === undefined ? null : rowOf(found.content),
    refused: isRefused(found),
    problems: found.problems,
  }
}

/** Whether `create` would refuse the data. */
export const isRefused = ({ problems }: DataInspection): boolean =>
  problems.some(({ severity }) => severity === 'refused')

function rowOf(found: DataInspection): Row {
  return {
    format: found.format,
    disk_format: found.declareAs ?? null,
    virtual_size: found.virtualSizeBytes ?? found.details['virtualSize'] ?? null,
    size: found.sizeBytes ?? null,
    backing_file: found.backingFile ?? null,
    data_file: found.dataFile ?? null,
    encrypted: found.encrypted,
    safe: found.safety.safe,
    reasons: found.safety.reasons,
    warnings: found.safety.warnings,
    details: Object.fromEntries(Object.entries(found.details).map(([name, value]) => [snakeCase(name), value])),
  }
}

export const inspectionRecord = {
  names: [
    'file',
    'id',
    'name',
    'format',
    'disk_format',
    'virtual_size',
    'size',
    'backing_file',
    'data_file',
    'encrypted',
    'safe',
    'reasons',
    'warnings',
    'details',
    'content',
    'refused',
    'problems',
    'declared_disk_format',
    'os_hash_algo',
    'os_hash_value',
    'hashes',
  ],
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
