export { verifyXml, verifyXmlOverFiles, type XmlVerdict } from './verify-xml.ts';
