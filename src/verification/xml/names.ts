/** Namespaces of XML Signature 1.1 and XAdES (ETSI EN 319 132-1). */
export const DS = 'http://www.w3.org/2000/09/xmldsig#';
export const XADES = 'http://uri.etsi.org/01903/v1.3.2#';
export const XADES_141 = 'http://uri.etsi.org/01903/v1.4.1#';
export const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
export const FILTER2 = 'http://www.w3.org/2002/06/xmldsig-filter2';
/** XML Signature 1.1: further children of KeyInfo. */
export const DS_11 = 'http://www.w3.org/2009/xmldsig11#';
