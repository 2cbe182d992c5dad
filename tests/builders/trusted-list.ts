import { signXml } from '../../src/lab/index.ts';
import { certify, DAY, ext, type Party, rootAuthority, YEAR } from './forged-pki.ts';
import { TEST_NOW as NOW } from './pki.ts';

const SERVICE = 'http://uri.etsi.org/TrstSvc/Svctype/';
const STATUS = 'http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/';
export const operatorRoot = rootAuthority(NOW, 'Gốc của danh sách');
export const signer = certify(NOW, {
  subject: 'Người ký danh sách',
  issuer: operatorRoot,
  extensions: [ext.keyUsage(0), ext.purposes(false, '0.4.0.2231.3.0')],
});

const time = (at: number) => new Date(at).toISOString().replace(/\.\d+Z/, 'Z');
const name = (tag: string, vi: string) =>
  `<${tag}><Name xml:lang="en">English</Name><Name xml:lang="vi">${vi}</Name></${tag}>`;

interface Stage {
  status: string;
  from: number;
}

const stage = ({ status, from }: Stage) =>
  `<ServiceStatus>${STATUS}${status}</ServiceStatus><StatusStartingTime>${time(from)}</StatusStartingTime>`;

export function service(ca: Party, [now, ...before]: readonly Stage[], type = 'CA/PKC'): string {
  const identity = `<ServiceDigitalIdentity><DigitalId><X509Certificate>${ca.certificate.toString('base64')}</X509Certificate></DigitalId></ServiceDigitalIdentity>`;
  const head = `<ServiceTypeIdentifier>${SERVICE}${type}</ServiceTypeIdentifier>${name('ServiceName', 'Cấp chứng thư')}`;
  const history = before.map(
    (one) => `<ServiceHistoryInstance>${head}${identity}${stage(one)}</ServiceHistoryInstance>`,
  );
  return `<TSPService><ServiceInformation>${head}${identity}${now ? stage(now) : ''}</ServiceInformation><ServiceHistory>${history.join('')}</ServiceHistory></TSPService>`;
}

export interface ListRequest {
  services?: readonly string[];
  sequence?: string;
  issuedAt?: number;
  nextUpdate?: number;
  root?: string;
}

export function listXml(request: ListRequest = {}): Buffer {
  const {
    services = [service(rootAuthority(NOW, 'CA A'), [{ status: 'granted', from: NOW - 3 * YEAR }])],
    sequence = '12',
    issuedAt = NOW - DAY,
    nextUpdate = NOW + 30 * DAY,
    root = 'TrustServiceStatusList',
  } = request;
  return Buffer.from(
    `<${root} xmlns="http://uri.etsi.org/02231/v2#"><SchemeInformation><TSLSequenceNumber>${sequence}</TSLSequenceNumber>` +
      `${name('SchemeOperatorName', 'Trung tâm thử nghiệm')}<ListIssueDateTime>${time(issuedAt)}</ListIssueDateTime>` +
      `<NextUpdate><dateTime>${time(nextUpdate)}</dateTime></NextUpdate></SchemeInformation><TrustServiceProviderList><TrustServiceProvider>` +
      `<TSPInformation>${name('TSPName', 'Nhà cung cấp')}</TSPInformation><TSPServices>${services.join('')}</TSPServices>` +
      `</TrustServiceProvider></TrustServiceProviderList></${root}>`,
  );
}

export const signedList = (request: ListRequest = {}, by: Party = signer) =>
  signXml({ xml: listXml(request), certificate: by.certificate, key: by.key });
