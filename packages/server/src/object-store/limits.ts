/** Limits of a stock Swift (swift/common/constraints.py). */
export const swiftLimits = {
  max_file_size: 5 * 1024 ** 3 + 2,
  max_meta_name_length: 128,
  max_meta_value_length: 256,
  max_meta_count: 90,
  max_meta_overall_size: 4096,
  max_header_size: 8192,
  max_request_line: 8192,
  max_object_name_length: 1024,
  container_listing_limit: 10_000,
  account_listing_limit: 10_000,
  max_account_name_length: 256,
  max_container_name_length: 256,
} as const

/** Limits of manifests (swift/common/middleware/slo.py). */
export const manifestLimits = {
  max_manifest_segments: 1000,
  max_manifest_size: 8 * 1024 ** 2,
  yield_frequency: 10,
  min_segment_size: 1,
  allow_async_delete: true,
} as const

/** Limits of requests for many objects (swift/common/middleware/bulk.py). */
export const bulkUploadLimits = { max_containers_per_extraction: 10_000, max_failed_extractions: 1000 } as const
export const bulkDeleteLimits = { max_deletes_per_request: 10_000, max_failed_deletes: 1000 } as const

/** The name of the only storage policy. */
export const policyName = 'Policy-0'

/** The methods that a temporary URL may be for, and the digests of its signature (swift/common/middleware/tempurl.py). */
export const tempUrlMethods = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'] as const
export const tempUrlDigests = ['sha1', 'sha256', 'sha512'] as const

/** The capabilities that `/info` reports (swift/common/registry.py). */
export const info = {
  swift: {
    version: '2.38.3',
    strict_cors_mode: true,
    policies: [{ name: policyName, default: true, aliases: policyName }],
    allow_account_management: false,
    account_autocreate: true,
    allow_open_expired: false,
    extra_header_count: 0,
    ...swiftLimits,
  },
  tempurl: {
    methods: tempUrlMethods,
    incoming_remove_headers: ['x-timestamp', 'x-open-expired'],
    incoming_allow_headers: [],
    outgoing_remove_headers: ['x-object-meta-*'],
    outgoing_allow_headers: ['x-object-meta-public-*'],
    allowed_digests: tempUrlDigests,
    deprecated_digests: ['sha1'],
  },
  bulk_upload: bulkUploadLimits,
  bulk_delete: bulkDeleteLimits,
  slo: manifestLimits,
  account_quotas: {},
  container_quotas: {},
  crossdomain: {},
}
