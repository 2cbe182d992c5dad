import type { CodeMeaning } from '../indication.ts';

/** Codes of XML signatures: what is wrong with references, transforms, canonical form and wrapping. */
export const xmlCodes = {} as const satisfies Record<string, CodeMeaning>;

export type XmlCode = keyof typeof xmlCodes;
