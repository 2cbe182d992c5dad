/** The parts of node-forge that are loaded, as far as they are used. Octets are characters. */
interface ForgeBuffer {
  getBytes(): string;
}

declare module 'node-forge/lib/forge.js' {
  const forge: {
    util: { createBuffer(octets: string): ForgeBuffer };
    cipher: {
      createDecipher(
        name: string,
        key: ForgeBuffer,
      ): {
        start(options: { iv: string }): void;
        update(input: ForgeBuffer): void;
        finish(): boolean;
        output: ForgeBuffer;
      };
    };
    rc2: {
      createDecryptionCipher(
        key: ForgeBuffer,
        bits: number,
      ): {
        start(iv: string): void;
        update(input: ForgeBuffer): void;
        finish(): boolean;
        output: ForgeBuffer;
      };
    };
  };
  export = forge;
}
declare module 'node-forge/lib/des.js';
declare module 'node-forge/lib/rc2.js';
