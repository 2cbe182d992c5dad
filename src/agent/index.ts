export type { OwnerDesk } from './desk.ts';
export type { AgentErrorCode } from './errors.ts';
export { agentMemory } from './memory.ts';
export { Pkcs11 } from './pkcs11.ts';
export { type CheckInput, preparedChecks } from './prepared-check.ts';
export { type RunningAgent, startAgent } from './server.ts';
