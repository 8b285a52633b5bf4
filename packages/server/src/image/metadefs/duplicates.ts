import { conflict } from '../errors.js'

/** Glance's refusals when a namespace already has something of that name (glance/common/exception.py). */
export const duplicateObject = (namespace: string, name: string) =>
  conflict(`A metadata definition object with name=${name} already exists in namespace=${namespace}.`)

export const duplicateProperty = (namespace: string, name: string) =>
  conflict(`A metadata definition property with name=${name} already exists in namespace=${namespace}.`)

export const duplicateTag = (namespace: string, name: string) =>
  conflict(
    `A metadata tag with name=${name} already exists in namespace=${namespace}. (Please note that metadata tag names are case insensitive).`,
  )

export const duplicateAssociation = (namespace: string, name: string) =>
  conflict(
    `The metadata definition resource-type association of resource-type=${name} to namespace=${namespace} already exists.`,
  )

/** The refusal of a new name that another one has. */
export const duplicateUpdate = (kind: 'object' | 'property', namespace: string, name: string) =>
  conflict(
    `Invalid update. It would result in a duplicate metadata definition ${kind} with the same name=${name} in namespace=${namespace}.`,
  )
