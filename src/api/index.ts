export { type TokenService, tokenService } from './auth.ts';
export type { BodyBudget } from './body.ts';
export { httpMetrics } from './metrics.ts';
export { operationsGate, publicGate } from './server.ts';
export { signingGate } from './signing-gate.ts';
