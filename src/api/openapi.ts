import { z } from 'zod';
import { createDocument, type ZodOpenApiPathsObject } from 'zod-openapi';
import { ASSERTION_TYPE } from './assertion.ts';
import { figurePaths } from './openapi-figures.ts';
import { bytes, json, operation, problem } from './openapi-parts.ts';
import { resultPaths } from './openapi-results.ts';
import { signingPaths } from './openapi-signing.ts';
import { workPaths } from './openapi-work.ts';
import { reportForms, reportTypes } from './report-forms.ts';
import { DocumentReportSchema, FileReportSchema } from './report-schemas.ts';
import {
  AgencyPageSchema,
  AgencySchema,
  AugmentationSchema,
  DocumentListSchema,
  DocumentSchema,
  EventFeedSchema,
  InboxSchema,
  PaperCodeSchema,
  ReceiptSchema,
  StatusAnswerSchema,
  SubmissionSchema,
  TimelineSchema,
  TokenSchema,
} from './schemas.ts';

const id = z.uuid();

/** Where a recipient may read content beside its inbox. */
const TAKEN =
  'Bên nhận lấy nội dung ở đây cũng được ghi sổ là đã nhận / a recipient that takes content here has fetched it, and the ledger says so.';

/** A report as JSON, or readable in the language of Accept-Language, as `format` or else Accept asks. */
const reportQuery = z.object({ format: z.enum(reportForms).optional() });
const report = (schema: z.ZodType) => ({
  ...json(schema),
  [reportTypes.html]: { schema: z.string() },
  [reportTypes.pdf]: { schema: bytes },
});

const edxmlBody = { required: true, content: { 'application/xml': { schema: bytes } } };
const documentPath = z.object({ id });
const deliveryPath = z.object({ deliveryId: id });
const paging = { limit: z.int().min(1).max(500).default(50).optional(), after: z.string().optional() };

const documents: ZodOpenApiPathsObject = {
  '/v1/documents': {
    post: operation('Gửi văn bản / submit a document', 'documents.send', {
      description: 'The body is edXML as sent; repeating the same bytes is safe and gives the same answer byte for byte.',
      requestParams: {
        query: z.object({ dryRun: z.enum(['true', 'false']).optional() }),
        header: z.object({
          'Truc-Result-Procedure': z.string().optional().meta({ description: 'with the two others: it carries the result of an administrative procedure (docs/results.md)' }),
          'Truc-Result-Case': z.string().optional(),
          'Truc-Result-Holders': z.string().optional(),
        }),
      },
      requestBody: edxmlBody,
      responses: {
        '202': { description: 'Đã ghi sổ / committed: durable, in the ledger, under a signed checkpoint', content: json(SubmissionSchema) },
        '200': { description: 'Đã nhận trước đó / accepted before: the same answer', content: json(SubmissionSchema) },
        '409': problem('Mã văn bản đã dùng / other bytes under a taken key'),
        '413': problem('Quá lớn / too large'),
        '415': problem('Kiểu nội dung / content type'),
        '422': problem('Từ chối / refused, with the reason; the refusal is in the ledger'),
      },
    }),
    get: operation('Danh sách đã gửi, đã nhận / what was sent and received', 'inbox', {
      requestParams: { query: z.object({ direction: z.enum(['sent', 'received']).optional(), state: z.string().optional(), edxmlId: z.string().optional(), since: z.iso.datetime().optional(), ...paging }) },
      responses: { '200': { description: 'Trang / page', content: json(DocumentListSchema) } },
    }),
  },
  '/v1/documents/{id}': {
    get: operation('Văn bản / a document', 'inbox', { requestParams: { path: documentPath }, responses: { '200': { description: 'Văn bản', content: json(DocumentSchema) }, '404': problem('Không có hoặc không phải bên liên quan / unknown or not a party') } }),
  },
  '/v1/documents/{id}/timeline': {
    get: operation('Vết xử lý / every step with its place in the ledger', 'inbox', { requestParams: { path: documentPath }, responses: { '200': { description: 'Timeline', content: json(TimelineSchema) } } }),
  },
  '/v1/documents/{id}/report': {
    get: operation('Báo cáo kiểm tra chữ ký số / verification report', 'inbox', { requestParams: { path: documentPath, query: reportQuery.extend({ number: z.int().min(0).optional().meta({ description: '0: the first report alone, n: the n-th later one, byte for byte as the ledger has its digest' }) }) }, responses: { '200': { description: 'Report', content: report(DocumentReportSchema) } } }),
  },
  '/v1/documents/{id}/receipt': {
    get: operation('Biên nhận / the receipt of the submission', 'inbox', { requestParams: { path: documentPath }, responses: { '200': { description: 'Receipt, as truc evidence verify takes it', content: json(ReceiptSchema) } } }),
  },
  '/v1/documents/{id}/paper-code': {
    get: operation('Mã kiểm tra cho bản giấy / the code for paper copies', 'inbox', {
      description: 'The same as a picture under …/paper-code.svg and …/paper-code.png. Anybody checks it at /verify.',
      requestParams: { path: documentPath },
      responses: { '200': { description: 'Mã / code', content: json(PaperCodeSchema) }, '404': problem('Không có hoặc không phải bên liên quan / unknown or not a party') },
    }),
  },
  '/v1/documents/{id}/evidence': {
    get: operation('Gói chứng cứ / evidence package', 'inbox', { description: TAKEN, requestParams: { path: documentPath }, responses: { '200': { description: 'ZIP that verifies offline', content: { 'application/zip': { schema: bytes } } }, '409': problem('Đã thu hồi trước khi nhận / taken back before it was fetched') } }),
  },
  '/v1/documents/{id}/original': {
    get: operation('Nguyên bản / the bytes as sent', 'inbox', { description: TAKEN, requestParams: { path: documentPath }, responses: { '200': { description: 'edXML', content: { 'application/xml': { schema: bytes } } }, '409': problem('Đã thu hồi trước khi nhận / taken back before it was fetched') } }),
  },
  '/v1/documents/{id}/attachments/{n}': {
    get: operation('Tệp đính kèm / an attachment, decoded (n from 0)', 'inbox', { description: TAKEN, requestParams: { path: z.object({ id, n: z.int().min(0) }) }, responses: { '200': { description: 'File', content: { 'application/octet-stream': { schema: bytes } } }, '409': problem('Đã thu hồi trước khi nhận / taken back before it was fetched') } }),
  },
  '/v1/documents/{id}/attachments/{n}/augmentations': {
    post: operation('Bổ sung dấu thời gian và dữ liệu xác thực / add time-stamps and validation data to the signatures of a PDF, CMS or XML file', 'documents.send', {
      description: 'The new file stands beside the bytes as sent, which never change. A level that is there already is given as it is, unless renew adds a further archive time-stamp.',
      requestParams: { path: z.object({ id, n: z.int().min(0) }) },
      requestBody: { required: true, content: json(z.object({ level: z.enum(['B-T', 'B-LT', 'B-LTA']).default('B-LTA').optional(), renew: z.boolean().default(false).optional() })) },
      responses: { '201': { description: 'Kept, judged and in the ledger', content: json(AugmentationSchema) }, '422': problem('Không đạt mức / the level cannot be reached, or the signatures do not pass'), '503': problem('Không lấy được dấu thời gian / no time-stamp to be had') },
    }),
    get: operation('Các tệp đã bổ sung / augmented files, oldest first', 'inbox', { requestParams: { path: z.object({ id, n: z.int().min(0) }) }, responses: { '200': { description: 'List', content: json(z.object({ items: z.array(AugmentationSchema) })) } } }),
  },
  '/v1/documents/{id}/attachments/{n}/augmentations/{k}': {
    get: operation('Tệp đã bổ sung / an augmented file (k from 1)', 'inbox', { description: TAKEN, requestParams: { path: z.object({ id, n: z.int().min(0), k: z.int().min(1) }) }, responses: { '200': { description: 'PDF, CMS or XML', content: { 'application/octet-stream': { schema: bytes } } } } }),
  },
  '/v1/documents/{id}/recall': {
    post: operation('Thu hồi / recall', 'documents.send', { requestParams: { path: documentPath }, requestBody: { required: true, content: json(z.object({ reason: z.string() })) }, responses: { '202': { description: 'Copies taken back, and recipients asked', content: json(z.object({ documentId: id, state: z.string(), cancelled: z.array(z.string()), asked: z.array(z.string()) })) } } }),
  },
  '/v1/documents/{id}/decision': {
    post: operation('Quyết định về văn bản đang giữ / release or refuse a held document', 'admin', { requestParams: { path: documentPath }, requestBody: { required: true, content: json(z.object({ outcome: z.enum(['release', 'refuse']), reason: z.string() })) }, responses: { '200': { description: 'State after it', content: json(z.object({ documentId: id, state: z.string() })) }, '409': problem('Đã quyết định / decided already') } }),
  },
  '/v1/events': {
    get: operation('Mọi thay đổi / every change, for catching up', 'inbox', { requestParams: { query: z.object({ since: z.int().optional(), limit: z.int().optional() }) }, responses: { '200': { description: 'Feed', content: json(EventFeedSchema) } } }),
  },
}; // biome-ignore format: one operation a line

const inbox: ZodOpenApiPathsObject = {
  '/v1/inbox': {
    get: operation('Hộp thư đến / leased deliveries', 'inbox', { requestParams: { query: z.object({ wait: z.int().min(0).max(60).optional(), limit: z.int().optional(), lease: z.int().min(10).max(3600).optional() }) }, responses: { '200': { description: 'Items and the latest checkpoint', content: json(InboxSchema) } } }),
  },
  '/v1/inbox/{deliveryId}/content': {
    get: operation('Nội dung / the bytes as sent, or form=canonical', 'inbox', { requestParams: { path: deliveryPath, query: z.object({ form: z.enum(['canonical']).optional() }) }, responses: { '200': { description: 'edXML (a notice is JSON)', content: { 'application/xml': { schema: bytes } } }, '404': problem('Không có / unknown') } }),
  },
  '/v1/inbox/{deliveryId}/ack': {
    post: operation('Xác nhận / acknowledge', 'inbox', { requestParams: { path: deliveryPath }, requestBody: { required: true, content: json(z.object({ outcome: z.enum(['done', 'fail']), reason: z.string().optional(), retry: z.boolean().optional(), sha256: z.string().optional() })) }, responses: { '200': { description: 'State after it', content: json(z.object({ deliveryId: id, state: z.string(), updatedAt: z.string(), nextAt: z.string() })) }, '409': problem('Đã xác nhận khác / acknowledged otherwise') } }),
  },
  '/v1/inbox/{deliveryId}/extend': {
    post: operation('Giữ lâu hơn / extend the lease', 'inbox', { requestParams: { path: deliveryPath }, requestBody: { content: json(z.object({ lease: z.int().min(10).max(3600).optional() })) }, responses: { '200': { description: 'Item' }, '409': problem('Không còn giữ / not leased') } }),
  },
  '/v1/inbox/{deliveryId}/release': {
    post: operation('Trả lại / give the lease back', 'inbox', { requestParams: { path: deliveryPath }, responses: { '200': { description: 'Item' }, '409': problem('Không còn giữ / not leased') } }),
  },
  '/v1/statuses': {
    post: operation('Báo trạng thái / report a business status', 'statuses', { requestBody: { required: true, content: { ...json(z.object({ documentId: id, code: z.string(), description: z.string().optional(), from: z.string().optional(), to: z.string().optional() })), 'application/xml': { schema: bytes } } }, responses: { '202': { description: 'Recorded and on its way', content: json(StatusAnswerSchema) }, '200': { description: 'Reported before: the first counts', content: json(StatusAnswerSchema) } } }),
  },
}; // biome-ignore format: one operation a line

const deliveryView = z.object({ deliveryId: id, documentId: id, kind: z.enum(['document', 'status', 'notice']), from: z.string(), to: z.string(), state: z.enum(['waiting', 'leased', 'done', 'failed', 'cancelled']), priority: z.int(), attempts: z.int(), failure: z.string().nullable(), createdAt: z.string(), nextAt: z.string(), fetchedAt: z.string().nullable(), updatedAt: z.string(), deadline: z.string() }).meta({ id: 'Delivery' }); // biome-ignore format: one schema a line
const retained = z.object({ period: z.string(), state: z.enum(['kept', 'expired', 'dropped']), keptUntil: z.string(), ledgerIndex: z.int().nullable() }).meta({ id: 'RetainedPeriod' }); // biome-ignore format: one schema a line
const deliveryId = z.object({ id });

const operations: ZodOpenApiPathsObject = {
  '/v1/deliveries': {
    get: operation('Các lượt chuyển / deliveries', 'admin', { requestParams: { query: z.object({ state: z.string().optional(), recipient: z.string().optional(), ...paging }) }, responses: { '200': { description: 'Page', content: json(z.object({ items: z.array(deliveryView), next: id.nullable() })) } } }),
  },
  '/v1/deliveries/{id}/retry': {
    post: operation('Gửi lại / offer a dead letter again', 'admin', { requestParams: { path: deliveryId }, responses: { '200': { description: 'Delivery', content: json(deliveryView) }, '409': problem('Không phải thư thất bại / not a dead letter') } }),
  },
  '/v1/deliveries/{id}/cancel': {
    post: operation('Hủy / take back what nobody fetched', 'admin', { requestParams: { path: deliveryId }, responses: { '200': { description: 'Delivery', content: json(deliveryView) }, '409': problem('Đã lấy / fetched already') } }),
  },
  '/v1/retention': {
    get: operation('Thời hạn lưu nội dung theo quý / content by quarters and how long it is kept', 'admin', { responses: { '200': { description: 'Quarters, oldest first', content: json(z.object({ contentYears: z.int(), items: z.array(retained) })) } } }),
  },
  '/v1/retention/{period}/drop': {
    post: operation('Hủy nội dung đã hết hạn lưu / destroy the content of a quarter whose time is over', 'admin', { requestParams: { path: z.object({ period: z.string() }) }, responses: { '200': { description: 'Quarter after it', content: json(retained) }, '404': problem('Không có / no such quarter'), '409': problem('Chưa hết hạn / still to be kept') } }),
  },
}; // biome-ignore format: one operation a line

const registry: ZodOpenApiPathsObject = {
  '/v1/agencies': {
    get: operation('Danh bạ cơ quan / the registry', 'inbox', { requestParams: { query: z.object({ q: z.string().optional(), level: z.enum(['central', 'province', 'district', 'commune']).optional(), parent: z.string().optional(), since: z.int().optional(), ...paging }) }, responses: { '200': { description: 'Page; ETag is the revision, since= gives changes', content: json(AgencyPageSchema) }, '304': { description: 'Không đổi / unchanged' } } }),
  },
  '/v1/agencies/{code}': {
    get: operation('Một cơ quan / an agency by any written code', 'inbox', { requestParams: { path: z.object({ code: z.string() }), query: z.object({ at: z.string().optional() }) }, responses: { '200': { description: 'Agency', content: json(AgencySchema) }, '404': problem('Không có; kèm gợi ý / unknown, with suggestions') } }),
  },
  '/v1/agencies/{code}/history': {
    get: operation('Lịch sử của cơ quan / every recorded state of an agency', 'inbox', { requestParams: { path: z.object({ code: z.string() }) }, responses: { '200': { description: 'States, oldest first', content: json(z.object({ items: z.array(z.object({ recordedAt: z.string(), agency: AgencySchema })) })) }, '404': problem('Không có / unknown') } }),
  },
  '/v1/agencies/{code}/settings': {
    put: operation('Thiết đặt của cơ quan / settings of an agency', 'admin', { requestParams: { path: z.object({ code: z.string() }) }, requestBody: { required: true, content: json(z.object({ holdIndeterminate: z.boolean() })) }, responses: { '200': { description: 'Agency', content: json(AgencySchema) }, '404': problem('Không có / unknown') } }),
  },
  '/v1/agencies/{code}/endpoint': {
    get: operation('Webhook đã đăng ký / the webhook of an agency', 'admin', { requestParams: { path: z.object({ code: z.string() }) }, responses: { '200': { description: 'Endpoint' }, '404': problem('Chưa có / none') } }),
    put: operation('Đăng ký webhook / register a webhook', 'admin', { requestParams: { path: z.object({ code: z.string() }) }, requestBody: { required: true, content: json(z.object({ url: z.url(), push: z.enum(['notify', 'content']), ca: z.string().nullable().optional(), active: z.boolean().optional() })) }, responses: { '200': { description: 'Endpoint' } } }),
  },
}; // biome-ignore format: one operation a line

const checks: ZodOpenApiPathsObject = {
  '/v1/verifications': {
    post: operation('Kiểm tra chữ ký một tệp / verify a file; nothing is stored', 'verify', { requestParams: { query: reportQuery }, requestBody: { required: true, content: { 'application/octet-stream': { schema: bytes } } }, responses: { '200': { description: 'Report', content: report(FileReportSchema) } } }),
  },
  '/v1/conformance': {
    post: operation('Kiểm tra edXML / name every fault of an edXML file', 'verify', { requestBody: edxmlBody, responses: { '200': { description: 'Faults, empty when it may be sent', content: json(z.object({ ok: z.boolean(), kind: z.string(), faults: z.array(z.unknown()) })) } } }),
  },
}; // biome-ignore format: one operation a line

const open: ZodOpenApiPathsObject = {
  '/oauth/token': {
    post: {
      summary: 'Lấy token / OAuth 2.0 client credentials',
      requestBody: { required: true, content: { 'application/x-www-form-urlencoded': { schema: z.object({ grant_type: z.literal('client_credentials'), client_id: z.string().optional(), client_secret: z.string().optional(), client_assertion_type: z.literal(ASSERTION_TYPE).optional(), client_assertion: z.string().optional().describe('JWT signed by the registered key of the system (private_key_jwt, RFC 7523), in place of a secret'), scope: z.string().optional() }) } } },
      responses: { '200': { description: 'Token of 15 minutes', content: json(TokenSchema) }, '401': { description: 'Sai thông tin / wrong credentials (RFC 6749 §5.2)', content: json(z.object({ error: z.string(), error_description: z.string() })) } },
    },
  },
  '/ledger/checkpoint': { get: { summary: 'Điểm kiểm tra có chữ ký / signed checkpoint (C2SP tlog-checkpoint)', responses: { '200': { description: 'Signed note', content: { 'text/plain': { schema: z.string() } } } } } },
  '/ledger/vkey': { get: { summary: 'Khóa công khai của sổ cái / the log key (vkey)', responses: { '200': { description: 'vkey', content: { 'text/plain': { schema: z.string() } } } } } },
  '/ledger/tile/{path}': { get: { summary: 'Ô băm và gói mục / C2SP tlog-tiles', requestParams: { path: z.object({ path: z.string() }) }, responses: { '200': { description: 'Tile or entry bundle', content: { 'application/octet-stream': { schema: bytes } } }, '404': problem('Ngoài cây / beyond the tree') } } },
  '/v1/webhook-key': { get: { summary: 'Khóa công khai của webhook / public key of webhook signatures (Standard Webhooks, ed25519)', responses: { '200': { description: 'Key', content: json(z.object({ publicKey: z.string() })) } } } },
  '/healthz': { get: { summary: 'Còn sống / the process lives', responses: { '200': { description: 'ok', content: json(z.object({ status: z.literal('ok') })) } } } },
}; // biome-ignore format: one operation a line

/** Groups operations on the docs page. */
function tagged(tag: string, paths: ZodOpenApiPathsObject): ZodOpenApiPathsObject {
  const methods = ['get', 'post', 'put'] as const;
  return Object.fromEntries(
    Object.entries(paths).map(([path, item]) => [
      path,
      {
        ...(item.servers ? { servers: item.servers } : {}),
        ...Object.fromEntries(
          methods.flatMap((method) => {
            const found = item[method];
            return found ? [[method, { tags: [tag], ...found }]] : [];
          }),
        ),
      },
    ]),
  );
}

/** The full text of the contract, made of the schemas that also describe the answers. */
export function openApiDocument(publicUrl: string, signingUrl: string) {
  return createDocument({
    openapi: '3.1.0',
    info: { title: 'Trục liên thông văn bản', version: '1.0.0', description: 'Vietnam\'s document exchange axis: signed documents, verified, delivered and recorded in a ledger that anyone can check.' },
    servers: [{ url: publicUrl }],
    components: {
      securitySchemes: {
        signing: { type: 'http', scheme: 'bearer', description: 'accessToken of a signing session' },
        oauth: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: `${publicUrl}/oauth/token`, scopes: { 'documents.send': 'gửi', inbox: 'nhận', statuses: 'báo trạng thái', sign: 'trình ký số', verify: 'kiểm tra chữ ký', consents: 'ghi nhận sự đồng ý', admin: 'quản trị' } } } },
      },
    },
    paths: {
      ...tagged('Văn bản / documents', documents),
      ...tagged('Nhận và trạng thái / inbox and statuses', inbox),
      ...tagged('Vận hành / operating', operations),
      ...tagged('Ký số / signing', signingPaths(signingUrl)),
      ...tagged('Công tác văn thư / clerical work', workPaths),
      ...tagged('Số liệu / figures', figurePaths),
      ...tagged('Kết quả thủ tục hành chính / results of public services', resultPaths),
      ...tagged('Danh bạ / registry', registry),
      ...tagged('Kiểm tra / checking', checks),
      ...tagged('Sổ cái và truy cập / ledger and access', open),
    },
  }); // biome-ignore format: short enough
}
