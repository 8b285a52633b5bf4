/** The import methods of a stock Glance (glance/common/config.py `enabled_import_methods`, setup.cfg). */
export const importMethods = ['glance-direct', 'web-download', 'copy-image', 'glance-download'] as const
/** An import method. The stock ones, for completion, or any other: operators choose which ones are on. */
export type ImportMethodName = (typeof importMethods)[number] | (string & {})

/** The body of `POST /v2/images/{id}/import`. Glance checks no schema: unknown keys are ignored. */
export interface WireImportRequest {
  method: {
    name: ImportMethodName
    /** web-download: where the bytes are. */
    uri?: string
    /** glance-download: the image, the region and the interface of the other Glance. */
    glance_image_id?: string
    glance_region?: string
    glance_service_interface?: string
  }
  stores?: readonly string[]
  all_stores?: boolean
  /** @default true */
  all_stores_must_succeed?: boolean
}

/** Image properties that only Glance sets, while an import runs and after it. */
export const importProperties = {
  /** The id of the task that holds the image; absent when none does. */
  task: 'os_glance_import_task',
  /** The stores that are still to be filled, separated by commas. */
  importing: 'os_glance_importing_to_stores',
  /** The stores that could not be filled, separated by commas. */
  failed: 'os_glance_failed_import',
} as const
