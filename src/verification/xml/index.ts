export { type NextStamps, nextStamps } from './next-stamps.ts';
export { verifyXml, verifyXmlOverFiles, type XmlVerdict } from './verify-xml.ts';
