/** RFC 6902 subset: add, replace, remove (glance/api/v2/images.py). */
export const jsonPatchV21 = 'application/openstack-images-v2.1-json-patch'
/** Draft 4 of JSON Patch, deprecated: `{"add": "/name", "value": …}`. */
export const jsonPatchV20 = 'application/openstack-images-v2.0-json-patch'
/** Plain bytes. */
export const octetStream = 'application/octet-stream'
