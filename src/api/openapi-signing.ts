import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { bytes, json, operation, problem } from './openapi-parts.ts';
import { AugmentationSchema, ReceiptSchema } from './schemas.ts';
import {
  DelegationOrderSchema,
  DelegationSchema,
  DraftRevisionQuery,
  DraftSchema,
  DraftUploadQuery,
  FileOrderSchema,
  FileOutcomeSchema,
  FilePassesSchema,
  FinalizeAnswerSchema,
  FinalizeRequestSchema,
  NumberOrderSchema,
  OpenedSessionSchema,
  PrepareAnswerSchema,
  PrepareRequestSchema,
  RemoteGrantSchema,
  RemoteSigningSchema,
  RemoteVisitSchema,
  SessionRequestSchema,
  SessionSchema,
  TicketOrderSchema,
  TicketSchema,
  WithdrawalOrderSchema,
} from './signing-schemas.ts';

const id = z.uuid();
const draftPath = z.object({ id });
const versionPath = z.object({ id, n: z.int().min(1) });
const sessionPath = z.object({ id });
const fileKey = z.object({ key: z.string() });

/** What the widget calls with its session's token. */
function widgetCall(
  summary: string,
  rest: Omit<ZodOpenApiOperationObject, 'summary'>,
): ZodOpenApiOperationObject {
  const responses = {
    ...rest.responses,
    '401': problem('Phiên ký không có hoặc đã hết hạn / session unknown or expired'),
    '403': problem('Không từ cửa sổ ký số / not from the widget itself'),
  };
  return { summary, security: [{ signing: [] }], ...rest, responses };
}

/** Paths of signing; those of the widget are on the signing origin. */
export function signingPaths(signingUrl: string): ZodOpenApiPathsObject {
  const servers = [{ url: signingUrl }];
  return {
    '/v1/sign/documents': {
      post: operation('Đăng ký văn bản để ký số / register a document to be signed', 'sign', {
        description: 'The body is the PDF (or XML, or any bytes). The same bytes under the same reference are the same document.',
        requestParams: { query: DraftUploadQuery },
        requestBody: { required: true, content: { 'application/pdf': { schema: bytes } } },
        responses: { '201': { description: 'Registered, and in the ledger', content: json(DraftSchema) }, '200': { description: 'Registered before', content: json(DraftSchema) }, '409': problem('Mã tham chiếu đã dùng / other bytes under the reference'), '413': problem('Quá lớn / too large'), '422': problem('Không ký được / cannot be signed') },
      }),
    },
    '/v1/sign/documents/{id}': {
      get: operation('Văn bản và các phiên bản / a document and its versions', 'sign', { requestParams: { path: draftPath }, responses: { '200': { description: 'Document', content: json(DraftSchema) }, '404': problem('Không có / unknown') } }),
    },
    '/v1/sign/documents/{id}/versions': {
      post: operation('Thay nội dung dự thảo chưa ký / a new text of a draft that is not signed yet', 'sign', { requestParams: { path: draftPath, query: DraftRevisionQuery }, requestBody: { required: true, content: { 'application/pdf': { schema: bytes } } }, responses: { '201': { description: 'Document with its new version', content: json(DraftSchema) }, '409': problem('Đã ký hoặc phiên bản khác / signed already, or another version') } }),
    },
    '/v1/sign/documents/{id}/versions/{n}': {
      get: operation('Nội dung một phiên bản / the bytes of a version', 'sign', { requestParams: { path: versionPath }, responses: { '200': { description: 'Bytes', content: { 'application/pdf': { schema: bytes } } }, '404': problem('Không có / unknown') } }),
    },
    '/v1/sign/documents/{id}/versions/{n}/augmentations': {
      get: operation('Các tệp đã bổ sung dấu thời gian và dữ liệu xác thực / what the axis added to a signed version, oldest first', 'sign', { description: 'Files beside the version, which never changes: with time-stamps and validation data as the policy says (rule augmentation). attachment is the version.', requestParams: { path: versionPath }, responses: { '200': { description: 'List', content: json(z.object({ items: z.array(AugmentationSchema) })) }, '404': problem('Không có / unknown') } }),
    },
    '/v1/sign/documents/{id}/versions/{n}/augmentations/{k}': {
      get: operation('Tệp đã bổ sung / one of them (k from 1)', 'sign', { requestParams: { path: versionPath.extend({ k: z.int().min(1) }) }, responses: { '200': { description: 'Bytes', content: { 'application/pdf': { schema: bytes } } }, '404': problem('Không có / unknown') } }),
    },
    '/v1/sign/documents/{id}/versions/{n}/receipt': {
      get: operation('Biên nhận của một phiên bản / receipt of the entry that recorded a version', 'sign', { requestParams: { path: versionPath }, responses: { '200': { description: 'Receipt, as truc evidence verify takes it', content: json(ReceiptSchema) }, '404': problem('Không có / unknown') } }),
    },
    '/v1/sign/documents/{id}/number': {
      post: operation('Cấp số, ngày / number and date of issue, after the person and before the agency signs', 'sign', { requestParams: { path: draftPath }, requestBody: { required: true, content: json(NumberOrderSchema) }, responses: { '200': { description: 'Document with its new version', content: json(DraftSchema) }, '409': problem('Đã có số hoặc phiên bản khác / numbered already, or another version'), '422': problem('Chưa ký / not signed yet') } }),
    },
    '/v1/sign/delegations': {
      post: operation('Đăng ký giao ký, ủy quyền / by what right somebody signs TL. or TUQ.', 'sign', { requestBody: { required: true, content: json(DelegationOrderSchema) }, responses: { '201': { description: 'Registered, and in the ledger', content: json(DelegationSchema) }, '422': problem('Trái quy định / against the rules') } }),
    },
    '/v1/sign/delegations/{id}/withdraw': {
      post: operation('Thu hồi việc giao ký, ủy quyền / take a delegation back', 'sign', { requestParams: { path: draftPath }, requestBody: { required: true, content: json(WithdrawalOrderSchema) }, responses: { '200': { description: 'Withdrawn, and in the ledger; again: as it is', content: json(DelegationSchema) }, '422': problem('Không có / none of that id') } }),
    },
    '/v1/sign/tickets': {
      post: operation('Xin vé ký / a ticket for one user to sign once', 'sign', { requestBody: { required: true, content: json(TicketOrderSchema) }, responses: { '201': { description: 'Ticket of ten minutes, for one session', content: json(TicketSchema) }, '404': problem('Không có văn bản / unknown document'), '409': problem('Đã có phiên bản khác / another version by now'), '422': problem('Không cấp được / refused') } }),
    },
    '/v1/sign/sessions': {
      servers,
      post: { summary: 'Mở phiên ký bằng vé / open a session with a ticket', requestBody: { required: true, content: json(SessionRequestSchema) }, responses: { '201': { description: 'Session with its token', content: json(OpenedSessionSchema) }, '401': problem('Vé không dùng được / the ticket is unknown, used or expired'), '403': problem('Sai trang hoặc sai người dùng / wrong page or user') } },
    },
    '/v1/sign/sessions/{id}': {
      servers,
      get: widgetCall('Phiên ký / the session', { requestParams: { path: sessionPath }, responses: { '200': { description: 'Session', content: json(SessionSchema) } } }),
    },
    '/v1/sign/sessions/{id}/document': {
      servers,
      get: widgetCall('Văn bản cần ký / the bytes to be signed', { requestParams: { path: sessionPath, query: z.object({ documentId: id.optional() }) }, responses: { '200': { description: 'Bytes; X-Content-SHA256 has their digest', content: { 'application/pdf': { schema: bytes } } }, '404': problem('Không có / not of this session') } }),
    },
    '/v1/sign/sessions/{id}/prepare': {
      servers,
      post: widgetCall('Chuẩn bị chữ ký / prepare signatures', { requestParams: { path: sessionPath }, requestBody: { required: true, content: json(PrepareRequestSchema) }, responses: { '200': { description: 'One outcome per document', content: json(PrepareAnswerSchema) }, '422': problem('Chứng thư số không ký được / the certificate may not sign') } }),
    },
    '/v1/sign/sessions/{id}/remote/visit': {
      servers,
      post: widgetCall('Trang của dịch vụ ký số từ xa / the page of the remote signing service', { requestParams: { path: sessionPath }, requestBody: { required: true, content: json(RemoteVisitSchema) }, responses: { '200': { description: 'Address', content: json(z.object({ url: z.url() })) }, '503': problem('Không có dịch vụ / no service') } }),
    },
    '/v1/sign/sessions/{id}/remote/credentials': {
      servers,
      post: widgetCall('Chứng thư số ở dịch vụ / certificates at the service', { requestParams: { path: sessionPath }, requestBody: { required: true, content: json(RemoteGrantSchema) }, responses: { '200': { description: 'Certificates', content: json(z.object({ credentials: z.array(z.object({ id: z.string(), multisign: z.int(), chain: z.array(z.string()) })) })) }, '422': problem('Dịch vụ từ chối / refused by the service') } }),
    },
    '/v1/sign/sessions/{id}/remote/sign': {
      servers,
      post: widgetCall('Ký ở dịch vụ / sign at the service', { requestParams: { path: sessionPath }, requestBody: { required: true, content: json(RemoteGrantSchema.extend(RemoteSigningSchema.shape)) }, responses: { '200': { description: 'Values for finalize', content: json(z.object({ values: z.array(z.string()) })) }, '422': problem('Dịch vụ từ chối / refused by the service') } }),
    },
    '/v1/sign/prepared/{prepareId}': {
      servers,
      get: { summary: 'Bản chuẩn bị ký, cho phần mềm ký số / prepared bytes, for an agent', requestParams: { path: z.object({ prepareId: id }), query: z.object({ key: z.string() }) }, responses: { '200': { description: 'The version with its increment', content: { 'application/octet-stream': { schema: bytes } } }, '404': problem('Không có hoặc đã hết hạn / unknown or expired') } },
    },
    '/v1/sign/sessions/{id}/files': {
      servers,
      post: widgetCall('Giao tệp cho phần mềm tự ghi chữ ký / give a file to an agent that signs it itself', { requestParams: { path: sessionPath }, requestBody: { required: true, content: json(FileOrderSchema) }, responses: { '201': { description: 'Two addresses that work once', content: json(FilePassesSchema) }, '422': problem('Văn bản không ký được cách này / not for this document') } }),
    },
    '/v1/sign/sessions/{id}/files/{uploadId}': {
      servers,
      get: widgetCall('Tệp đã ký đã về chưa / whether the signed file has come', { requestParams: { path: z.object({ id, uploadId: id }) }, responses: { '200': { description: 'waiting, or signed with its receipt', content: json(FileOutcomeSchema) } } }),
    },
    '/v1/sign/files/{key}': {
      servers,
      get: { summary: 'Văn bản, cho phần mềm ký số, một lần / the document, for an agent, once', requestParams: { path: fileKey }, responses: { '200': { description: 'Bytes', content: { 'application/pdf': { schema: bytes } } }, '404': problem('Không có / unknown'), '410': problem('Đã dùng hoặc hết hạn / used or expired') } },
      post: { summary: 'Văn bản đã ký, một lần / the signed document, once', requestParams: { path: fileKey }, requestBody: { required: true, content: { 'multipart/form-data': { schema: z.object({ uploadfile: bytes }) } } }, responses: { '200': { description: 'Taken; as agents of Ban Cơ yếu expect it', content: json(z.object({ Status: z.boolean(), Message: z.string(), FileName: z.string(), FileServer: z.string() })) }, '404': problem('Không có / unknown'), '410': problem('Đã dùng hoặc hết hạn / used or expired'), '422': problem('Không đúng văn bản, hoặc thay đổi khác ngoài một chữ ký / another document, or other changes than one signature') } },
    },
    '/v1/sign/sessions/{id}/finalize': {
      servers,
      post: widgetCall('Hoàn tất / turn signature values into signed documents', { description: 'Repeating it is safe: what is signed already is answered again.', requestParams: { path: sessionPath }, requestBody: { required: true, content: json(FinalizeRequestSchema) }, responses: { '200': { description: 'One outcome per signature', content: json(FinalizeAnswerSchema) } } }),
    },
  };
} // biome-ignore format: one operation a line
