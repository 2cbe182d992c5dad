interface WasmMemory {
  grow(this: WasmMemory, pages: number): number;
}

/** Every memory of WebAssembly in this process; the parser's grows by this method only, and never shrinks. */
export const wasmMemory = (globalThis as unknown as { WebAssembly: { Memory: { prototype: WasmMemory } } })
  .WebAssembly.Memory.prototype;
