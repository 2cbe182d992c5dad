/** Where the agent speaks with its owner: a terminal, or a test. */
export interface OwnerDesk {
  say(text: string): void;
  /** @param isSecret what is typed is not shown. @returns null where the owner gives up, or the page has gone */
  ask(question: string, isSecret: boolean, signal: AbortSignal): Promise<string | null>;
}

const CONTROL = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/gu;

/** Text of a web page as a terminal may show it: one line, nothing that moves the cursor or turns the direction. */
export function printable(text: unknown, longest = 200): string {
  return String(text ?? '')
    .replace(CONTROL, ' ')
    .slice(0, longest);
}
