import type koffi from 'koffi';

export type Koffi = typeof koffi;
/** An address in the module's memory. */
export type Address = bigint;

const isWindows = process.platform === 'win32';
/** CK_ULONG is the C compiler's `unsigned long`: four octets on Windows, eight elsewhere. */
const ULONG = isWindows ? 4 : 8;

/** Structures of PKCS #11 in memory; on Windows they are packed without gaps (PKCS #11 v2.40 §3). */
export class Memory {
  private readonly koffi: Koffi;

  constructor(library: Koffi) {
    this.koffi = library;
  }

  /** Copies octets to where the module can read them. */
  place(bytes: Uint8Array): Address {
    const address = this.koffi.alloc('uint8', Math.max(1, bytes.length)) as unknown as Address;
    this.koffi.encode(address, this.koffi.array('uint8', bytes.length), Array.from(bytes));
    return address;
  }

  read(address: Address, length: number): Buffer {
    return Buffer.from(this.koffi.decode(address, this.koffi.array('uint8', length)) as Uint8Array);
  }

  /** Writes zeros over what was secret. */
  wipe(address: Address, length: number): void {
    this.koffi.encode(address, this.koffi.array('uint8', length), new Array(length).fill(0));
  }

  free(...addresses: Address[]): void {
    for (const one of addresses) this.koffi.free(one);
  }

  ulongs(bytes: Buffer): bigint[] {
    return Array.from({ length: bytes.length / ULONG }, (_, i) => this.ulongAt(bytes, i * ULONG));
  }

  ulongAt(bytes: Buffer, at: number): bigint {
    return ULONG === 4 ? BigInt(bytes.readUInt32LE(at)) : bytes.readBigUInt64LE(at);
  }

  ulong(value: bigint | number): Buffer {
    const bytes = Buffer.alloc(ULONG);
    if (ULONG === 4) bytes.writeUInt32LE(Number(value));
    else bytes.writeBigUInt64LE(BigInt(value));
    return bytes;
  }

  /** CK_ATTRIBUTE and CK_MECHANISM alike: a number, an address, a length. */
  triple(type: number, address: Address, length: number): Buffer {
    const pointer = Buffer.alloc(8);
    pointer.writeBigUInt64LE(address);
    return Buffer.concat([this.ulong(type), pointer, this.ulong(length)]);
  }

  /** Length in a triple that the module has filled in; null for what it does not tell. */
  lengthIn(triple: Buffer): number | null {
    const length = this.ulongAt(triple, triple.length - ULONG);
    return length > 0xffffn ? null : Number(length);
  }

  /** Octets before the function pointers of CK_FUNCTION_LIST: its version. */
  get listOffset(): number {
    return isWindows ? 2 : 8;
  }

  /** Octets of CK_TOKEN_INFO before `flags`. */
  get tokenFlagsAt(): number {
    return 96;
  }

  get tokenInfoSize(): number {
    return 96 + 11 * ULONG + 4 + 16 + 8;
  }
}
