export { withFaults } from './engine.js'
export type { FaultPlan } from './fault.js'
export { parseFaultPlan } from './plan.js'
