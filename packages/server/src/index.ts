export const placeholder = true
export { parseFaultPlan, tapRequest, withFaults, type Fault, type FaultPlan, type FaultRule } from './faults/index.js'
