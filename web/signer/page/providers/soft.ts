import type { Bytes } from '../checks/bytes.ts';
import { SignerError } from '../errors.ts';
import type { KeyFile } from '../key-file/key-file.ts';
import type { Availability, Credential, Signatures, SignProvider, SignRequest } from './provider.ts';

/** A key file and its password, both chosen anew each time: nothing is stored. */
export class SoftProvider implements SignProvider {
  readonly id = 'soft';
  readonly kind = 'digest';
  private readonly open: () => Promise<KeyFile>;
  private file: KeyFile | null = null;

  constructor(file: File, password: string, progress: (part: number) => void) {
    this.open = async () => {
      const { openKeyFile } = await keyFiles();
      return openKeyFile(new Uint8Array(await file.arrayBuffer()), password, progress);
    };
  }

  probe(): Promise<Availability> {
    return Promise.resolve({ state: 'ready' });
  }

  async listCredentials(): Promise<Credential[]> {
    this.file = await this.open();
    const { certificate, chain, holder, validTo } = this.file;
    return [{ id: 'file', certificate, chain, keyProtection: 'software', holder, validTo }];
  }

  async sign({ items }: SignRequest): Promise<Signatures> {
    if (!this.file) throw new SignerError('E_KEY_FILE');
    return this.file.sign(items.map(({ tbs }): Bytes => tbs));
  }

  dispose(): void {
    this.file?.close();
    this.file = null;
  }
}

/** A chunk of its own: whoever signs otherwise does not load it. */
async function keyFiles(): Promise<typeof import('../key-file/key-file.ts')> {
  return import('../key-file/key-file.ts').catch(() => {
    throw new SignerError('E_NETWORK');
  });
}
