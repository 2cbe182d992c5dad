export { verifyXml } from './verify-xml.ts';
