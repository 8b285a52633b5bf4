export { nearest } from '@tyrax/protocol'
