import { listOf, text, type BuiltinNamespace } from './builtin-namespace.js'

/** Namespaces for any image (glance/etc/metadefs). */
export const imagesNamespaces: readonly BuiltinNamespace[] = [
  {
    namespace: 'OS::Glance::CommonImageProperties',
    display_name: 'Common Image Properties',
    description: 'Properties that many images have.',
    visibility: null,
    properties: {
      kernel_id: text('Kernel ID', {
        pattern: '^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$',
      }),
      ramdisk_id: text('Ramdisk ID', {
        pattern: '^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$',
      }),
      instance_uuid: text('Instance ID'),
      architecture: text('CPU Architecture'),
      os_distro: text('OS Distro'),
      os_version: text('OS Version'),
      description: text('Image description'),
      cinder_encryption_key_id: text('Cinder Encryption Key ID'),
      cinder_encryption_key_deletion_policy: text('Cinder Encryption Key Deletion Policy', {
        enum: ['on_image_deletion', 'do_not_delete'],
      }),
    },
  },
  {
    namespace: 'OS::Glance::Signatures',
    display_name: 'Image Signature Verification',
    description: 'How the signature of an image is checked.',
    protected: false,
    resource_type_associations: [{ name: 'OS::Glance::Image' }],
    properties: {
      img_signature: text('Image Signature'),
      img_signature_certificate_uuid: text('Image Signature Certificate UUID'),
      img_signature_hash_method: text('Image Signature Hash Method', {
        enum: ['SHA-224', 'SHA-256', 'SHA-384', 'SHA-512'],
      }),
      img_signature_key_type: text('Image Signature Key Type', {
        enum: listOf(`
        RSA-PSS, DSA, ECC_SECT571K1, ECC_SECT409K1, ECC_SECT571R1, ECC_SECT409R1, ECC_SECP521R1,
        ECC_SECP384R1`),
      }),
    },
  },
  {
    namespace: 'OS::OperatingSystem',
    display_name: 'Common Operating System Properties',
    description: 'Which operating system an image holds.',
    visibility: null,
    resource_type_associations: [
      { name: 'OS::Glance::Image' },
      { name: 'OS::Cinder::Volume', properties_target: 'image' },
    ],
    properties: {
      os_distro: text('OS Distro'),
      os_version: text('OS Version'),
      os_admin_user: text('OS Admin User'),
    },
  },
  {
    namespace: 'OS::Cinder::Volumetype',
    display_name: 'Cinder Volume Type',
    description: 'The type of the volume that is created from an image.',
    resource_type_associations: [{ name: 'OS::Glance::Image', prefix: 'cinder_' }],
    properties: {
      img_volume_type: text('Image Volume Type'),
    },
  },
]
