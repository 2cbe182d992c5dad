/** A map that forgets its oldest entries beyond a size: for caches whose entries can be computed again. */
export class BoundedMap<Key, Value> {
  private readonly map = new Map<Key, Value>();
  private readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  get(key: Key): Value | undefined {
    return this.map.get(key);
  }

  set(key: Key, value: Value): void {
    this.map.delete(key);
    this.map.set(key, value);
    if (this.map.size <= this.most) return;
    for (const oldest of this.map.keys()) {
      this.map.delete(oldest);
      break;
    }
  }

  get size(): number {
    return this.map.size;
  }
}
