import { TrucError } from '../kernel/index.ts';

export type AgentErrorCode =
  | 'agent.binding-missing'
  | 'agent.module-unusable'
  | 'agent.port-taken'
  | 'agent.origin-malformed';

/** What a page is told; the widget's own codes (docs/widget.md). */
export type AgentRefusal =
  | 'E_NO_TOKEN'
  | 'E_PIN_WRONG'
  | 'E_PIN_LOCKED'
  | 'E_PAIRING'
  | 'E_USER_CANCELLED'
  | 'E_AGENT_CHECK'
  | 'E_AGENT_KEY'
  | 'E_AGENT_REFUSED';

/** A request that the agent does not do; `facts.detail` is shown to the official. */
export function refusal(code: AgentRefusal, detail = ''): TrucError {
  return new TrucError(code, { detail });
}
