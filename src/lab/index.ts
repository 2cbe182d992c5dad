export { signXml, type XmlSigningOrder } from '../signing/index.ts';
export * from './demo/index.ts';
export * from './drill/index.ts';
export { letterFontkit, tinos } from './fonts.ts';
export * from './pdf-letter.ts';
export * from './pki/index.ts';
export * from './signing-agents/index.ts';
