export * from './vgca-agent.ts';
