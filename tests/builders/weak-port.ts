/** A port whose every method answers at once. */
type AtOnce<Port> = {
  [Name in keyof Port]: Port[Name] extends (...given: infer Given) => Promise<infer Answer>
    ? (...given: Given) => Answer
    : never;
};

export const later = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * Makes a port out of plain functions: slow at every call, what is given and what is answered are copies, and each
 * call happens whole at one moment of its own, unbound to any other call.
 */
export function slowPort<Port extends object>(functions: AtOnce<Port>): Port {
  const slow =
    (call: (...given: unknown[]) => unknown) =>
    async (...given: unknown[]) => {
      const taken = structuredClone(given);
      await later();
      const answer = structuredClone(call(...taken));
      await later();
      return answer;
    };
  const methods = Object.entries(functions) as [string, (...given: unknown[]) => unknown][];
  return Object.fromEntries(methods.map(([name, call]) => [name, slow(call)])) as Port;
}

/** Orders by text, as the ports do: by UTF-16 code units. */
export function byText<Value>(...keys: ((value: Value) => string)[]): (a: Value, b: Value) => number {
  return (a, b) => {
    for (const key of keys) {
      if (key(a) < key(b)) return -1;
      if (key(a) > key(b)) return 1;
    }
    return 0;
  };
}
