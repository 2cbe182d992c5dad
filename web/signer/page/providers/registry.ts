import type { SigningApi } from '../api.ts';
import type { Facts } from '../facts.ts';
import type { Choice } from '../panel-keys.ts';
import { CscProvider } from './csc/provider.ts';
import { LocalProvider } from './local/provider.ts';
import type { SignProvider } from './provider.ts';
import { SoftProvider } from './soft.ts';
import { VgcaProvider } from './vgca/provider.ts';

/** How a provider speaks to the official while it works. */
export interface ProviderScreen {
  /** Part of a long computation that is done, 0 to 1. */
  progress(part: number): void;
  says(change: Partial<Pick<Facts, 'pairingCode' | 'visit'>>): void;
}

/** A provider for one ceremony; nothing is connected to yet. */
export function providerFor(choice: Choice, api: SigningApi, screen: ProviderScreen): SignProvider {
  if (choice.id === 'soft') return new SoftProvider(choice.file, choice.password, screen.progress);
  if (choice.id === 'local')
    return new LocalProvider(choice.url, (pairingCode) => screen.says({ pairingCode }));
  if (choice.id === 'csc') return new CscProvider(api, (visit) => screen.says({ visit }));
  return new VgcaProvider(choice.url, choice.inItsWindow);
}
