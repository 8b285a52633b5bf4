export { withFaults } from './engine.js'
export { parseFaultPlan, type Fault, type FaultPlan, type FaultRule } from './plan.js'
export { tapRequest } from './request-gate.js'
