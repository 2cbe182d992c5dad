import { TrucError } from '../kernel/index.ts';
import { type AgentErrorCode, refusal } from './errors.ts';
import { type Address, type Koffi, Memory } from './pkcs11-memory.ts';

/** Positions in CK_FUNCTION_LIST (PKCS #11 v2.40 §6.2 onwards), with what each takes. */
const FUNCTIONS = {
  C_Initialize: [0, 'void *args'],
  C_Finalize: [1, 'void *reserved'],
  C_GetSlotList: [4, 'uint8 present, void *list, void *count'],
  C_GetTokenInfo: [6, 'ulong slot, void *info'],
  C_OpenSession: [12, 'ulong slot, ulong flags, void *app, void *notify, void *session'],
  C_CloseSession: [13, 'ulong session'],
  C_Login: [18, 'ulong session, ulong user, void *pin, ulong length'],
  C_Logout: [19, 'ulong session'],
  C_GetAttributeValue: [24, 'ulong session, ulong object, void *template, ulong count'],
  C_FindObjectsInit: [26, 'ulong session, void *template, ulong count'],
  C_FindObjects: [27, 'ulong session, void *objects, ulong most, void *count'],
  C_FindObjectsFinal: [28, 'ulong session'],
  C_SignInit: [42, 'ulong session, void *mechanism, ulong key'],
  C_Sign: [43, 'ulong session, void *data, ulong length, void *signature, void *size'],
} as const;
type FunctionName = keyof typeof FUNCTIONS;

export const CKA = {
  class: 0x0,
  token: 0x1,
  value: 0x11,
  certificateType: 0x80,
  id: 0x102,
  alwaysAuthenticate: 0x202,
} as const;
export const CKO = { certificate: 1, privateKey: 3 } as const;
export const CKM = { rsaPkcs: 0x1, ecdsa: 0x1041 } as const;
export const USER = { user: 1, context: 2 } as const;
const CKR = {
  pinIncorrect: 0xa0,
  pinInvalid: 0xa1,
  pinLocked: 0xa4,
  alreadyLoggedIn: 0x100,
  functionCanceled: 0x50,
} as const;
const SERIAL_SESSION = 0x4;
const FLAG = {
  pinCountLow: 0x10000,
  pinFinalTry: 0x20000,
  pinLocked: 0x40000,
  tokenInitialized: 0x400,
} as const;
const MOST_OBJECTS = 64;

export interface TokenState {
  label: string;
  serial: string;
  /** How near the PIN is to being locked, as far as the token says. */
  pin: 'ok' | 'few-left' | 'last' | 'locked';
}

/** A PKCS #11 module, loaded into this process: calls block, one after the other. */
export class Pkcs11 {
  private readonly memory: Memory;
  private readonly call: (name: FunctionName, ...values: unknown[]) => number;

  private constructor(memory: Memory, call: Pkcs11['call']) {
    this.memory = memory;
    this.call = call;
  }

  /**
   * @param path of the module of the token's vendor
   * @throws TrucError `agent.binding-missing`, `agent.module-unusable`
   */
  static async load(path: string): Promise<Pkcs11> {
    const koffi = await binding();
    try {
      const memory = new Memory(koffi);
      const call = functionsOf(koffi, path, memory);
      const module = new Pkcs11(memory, call);
      module.must(call('C_Initialize', null));
      return module;
    } catch (error) {
      throw new TrucError<AgentErrorCode>('agent.module-unusable', { path }, error);
    }
  }

  close(): void {
    this.call('C_Finalize', null);
  }

  /** Slots with a token in them. */
  slots(): bigint[] {
    const { memory } = this;
    const count = memory.place(memory.ulong(MOST_OBJECTS));
    const list = memory.place(Buffer.alloc(MOST_OBJECTS * memory.ulong(0).length));
    try {
      this.must(this.call('C_GetSlotList', 1, list, count));
      const found = Number(memory.ulongs(memory.read(count, memory.ulong(0).length))[0]);
      return memory.ulongs(memory.read(list, found * memory.ulong(0).length));
    } finally {
      memory.free(count, list);
    }
  }

  /** @returns null for a token that was never set up */
  token(slot: bigint): TokenState | null {
    const { memory } = this;
    const at = memory.place(Buffer.alloc(memory.tokenInfoSize));
    try {
      this.must(this.call('C_GetTokenInfo', slot, at));
      const info = memory.read(at, memory.tokenInfoSize);
      const flags = Number(memory.ulongAt(info, memory.tokenFlagsAt));
      if ((flags & FLAG.tokenInitialized) === 0) return null;
      const text = (from: number, to: number) => info.toString('utf8', from, to).trimEnd();
      return { label: text(0, 32), serial: text(80, 96), pin: pinState(flags) };
    } finally {
      memory.free(at);
    }
  }

  /** Opens a session for one piece of work and closes it, whatever happens. */
  inSession<T>(slot: bigint, work: (session: bigint) => T): T {
    const { memory } = this;
    const at = memory.place(memory.ulong(0));
    try {
      this.must(this.call('C_OpenSession', slot, SERIAL_SESSION, null, null, at));
      const session = memory.ulongs(memory.read(at, memory.ulong(0).length))[0] as bigint;
      try {
        return work(session);
      } finally {
        this.call('C_CloseSession', session);
      }
    } finally {
      memory.free(at);
    }
  }

  /** @throws TrucError `E_PIN_WRONG`, `E_PIN_LOCKED` */
  login(session: bigint, pin: string, user: number = USER.user): void {
    const bytes = Buffer.from(pin, 'utf8');
    const at = this.memory.place(bytes);
    try {
      const result = this.call('C_Login', session, user, at, bytes.length);
      if (result === CKR.alreadyLoggedIn) return;
      if (result === CKR.pinIncorrect || result === CKR.pinInvalid) throw refusal('E_PIN_WRONG');
      if (result === CKR.pinLocked) throw refusal('E_PIN_LOCKED');
      this.must(result);
    } finally {
      this.memory.free(this.wiped(at, bytes.length));
    }
  }

  logout(session: bigint): void {
    this.call('C_Logout', session);
  }

  /** Objects with these attributes. */
  find(session: bigint, wanted: readonly (readonly [number, Uint8Array])[]): bigint[] {
    const { memory } = this;
    const values = wanted.map(([, value]) => memory.place(value));
    const rows = wanted.map(([type, value], i) => memory.triple(type, values[i] as Address, value.length));
    const template = memory.place(Buffer.concat(rows));
    const size = memory.ulong(0).length;
    const objects = memory.place(Buffer.alloc(MOST_OBJECTS * size));
    const count = memory.place(memory.ulong(0));
    try {
      this.must(this.call('C_FindObjectsInit', session, template, wanted.length));
      this.must(this.call('C_FindObjects', session, objects, MOST_OBJECTS, count));
      this.call('C_FindObjectsFinal', session);
      const found = Number(memory.ulongs(memory.read(count, size))[0]);
      return memory.ulongs(memory.read(objects, found * size));
    } finally {
      memory.free(...values, template, objects, count);
    }
  }

  /** @returns null for an attribute that the object does not have */
  attribute(session: bigint, object: bigint, type: number): Buffer | null {
    const { memory } = this;
    const first = memory.place(memory.triple(type, 0n, 0));
    const size = memory.triple(0, 0n, 0).length;
    try {
      if (this.call('C_GetAttributeValue', session, object, first, 1) !== 0) return null;
      const length = memory.lengthIn(memory.read(first, size));
      if (length === null) return null;
      const value = memory.place(Buffer.alloc(length));
      const second = memory.place(memory.triple(type, value, length));
      try {
        this.must(this.call('C_GetAttributeValue', session, object, second, 1));
        return memory.read(value, length);
      } finally {
        memory.free(value, second);
      }
    } finally {
      memory.free(first);
    }
  }

  /** @param again called between init and sign, for keys that want the PIN for each signature */
  sign(session: bigint, key: bigint, mechanism: number, data: Uint8Array, again: () => void): Buffer {
    const { memory } = this;
    const how = memory.place(memory.triple(mechanism, 0n, 0));
    const input = memory.place(data);
    const most = 1_024;
    const output = memory.place(Buffer.alloc(most));
    const size = memory.place(memory.ulong(most));
    try {
      this.must(this.call('C_SignInit', session, how, key));
      again();
      this.must(this.call('C_Sign', session, input, data.length, output, size));
      return memory.read(output, Number(memory.ulongs(memory.read(size, memory.ulong(0).length))[0]));
    } finally {
      memory.free(how, input, output, size);
    }
  }

  ulong(value: number): Buffer {
    return this.memory.ulong(value);
  }

  private wiped(at: Address, length: number): Address {
    this.memory.wipe(at, length);
    return at;
  }

  private must(result: number): void {
    if (result === CKR.functionCanceled) throw refusal('E_USER_CANCELLED');
    if (result !== 0) throw refusal('E_AGENT_REFUSED', `PKCS #11 0x${result.toString(16)}`);
  }
}

function pinState(flags: number): TokenState['pin'] {
  if (flags & FLAG.pinLocked) return 'locked';
  if (flags & FLAG.pinFinalTry) return 'last';
  return flags & FLAG.pinCountLow ? 'few-left' : 'ok';
}

/** Loaded only by this command: the axis itself never needs it. */
async function binding(): Promise<Koffi> {
  try {
    return (await import('koffi')).default;
  } catch (error) {
    throw new TrucError<AgentErrorCode>('agent.binding-missing', {}, error);
  }
}

function functionsOf(koffi: Koffi, path: string, memory: Memory): Pkcs11['call'] {
  const list = [null] as [unknown];
  const library = koffi.load(path);
  // Kept for ever: a library that nothing refers to is unloaded, and its functions with it.
  loaded.push(library);
  const getList = library.func('ulong C_GetFunctionList(_Out_ void **list)');
  if (Number(getList(list)) !== 0) throw refusal('E_AGENT_REFUSED');
  const pointers = koffi.decode(list[0], memory.listOffset, koffi.array('void *', 68)) as unknown[];
  const made = new Map<FunctionName, (...values: unknown[]) => unknown>();
  for (const [name, [position, parameters]] of Object.entries(FUNCTIONS)) {
    const type = koffi.proto(`ulong truc_${name}_${++prototypes}(${parameters})`);
    made.set(name as FunctionName, koffi.decode(pointers[position], type) as never);
  }
  return (name, ...values) => Number(made.get(name)?.(...values));
}

const loaded: unknown[] = [];
/** Prototypes have names, and each name is given once in a process. */
let prototypes = 0;
