import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { json, operation, problem } from './openapi-parts.ts';
import { TicketSchema } from './signing-schemas.ts';
import * as schemas from './work-schemas.ts';

const path = z.object({ id: z.uuid() });

function step(
  summary: string,
  scope: string,
  schema: z.ZodType,
  description = '',
): ZodOpenApiOperationObject {
  return operation(summary, scope, {
    ...(description ? { description } : {}),
    requestParams: { path },
    requestBody: { required: true, content: json(schema) },
    responses: {
      '200': { description: 'The file as it is now; the step is in the ledger', content: json(schemas.WorkFileSchema) },
      '403': problem('Không đúng vai trò, không đúng người / not for this role or person'),
      '404': problem('Không có hồ sơ / unknown file'),
      '409': problem('Không phải lúc này, hoặc người khác vừa cập nhật / not now, or somebody was faster'),
      '422': problem('Trái quy định / against the rules'),
    },
  }); // biome-ignore format: one response a line
}

const file = (summary: string, scope: string) =>
  operation(summary, scope, { requestParams: { path }, responses: { '200': { description: 'File', content: json(schemas.WorkFileSchema) }, '404': problem('Không có hồ sơ / unknown file') } }); // biome-ignore format: one call

const list = (summary: string, scope: string) =>
  operation(summary, scope, { requestParams: { query: schemas.FileListQuery }, responses: { '200': { description: 'Page, newest first', content: json(schemas.WorkFileListSchema) } } }); // biome-ignore format: one call

/** Paths of the clerical work. */
export const workPaths: ZodOpenApiPathsObject = {
  '/v1/work/outgoing': {
    post: operation('Mở hồ sơ văn bản đi / open the file of a draft', 'sign', {
      requestBody: { required: true, content: json(schemas.OpenOutgoingSchema) },
      responses: { '201': { description: 'The file; of the same draft always the same', content: json(schemas.WorkFileSchema) }, '403': problem('Không đúng vai trò / not for this role'), '404': problem('Không có dự thảo hoặc cơ quan / unknown draft or agency') },
    }),
    get: list('Văn bản đi / outgoing documents', 'sign'),
  },
  '/v1/work/outgoing/{id}': { get: file('Hồ sơ văn bản đi / a file', 'sign') },
  '/v1/work/outgoing/{id}/letter': { post: step('Sửa thông tin dự thảo / change what the drafter says of it', 'sign', schemas.EditSchema) },
  '/v1/work/outgoing/{id}/annex': { post: step('Thêm phụ lục là tệp riêng / add an annex in a file of its own', 'sign', schemas.AnnexSchema, 'The file is a draft from POST /v1/sign/documents; the clerk signs it (act appendix) before the document is issued.') },
  '/v1/work/outgoing/{id}/drop-annex': { post: step('Bỏ phụ lục / take an annex away', 'sign', schemas.DropAnnexSchema) },
  '/v1/work/outgoing/{id}/ask': { post: step('Xin ý kiến, đề nghị kiểm tra / ask for comments and checks', 'sign', schemas.AskSchema) },
  '/v1/work/outgoing/{id}/comment': { post: step('Góp ý / comment', 'sign', schemas.CommentSchema) },
  '/v1/work/outgoing/{id}/check': { post: step('Xác nhận nội dung, thể thức / answer for content or form', 'sign', schemas.CheckSchema) },
  '/v1/work/outgoing/{id}/discard': { post: step('Hủy dự thảo / close a draft that nobody signed', 'sign', schemas.StepSchema, 'With the reason as `note`.') },
  '/v1/work/outgoing/{id}/submit': { post: step('Trình ký / submit to the signer', 'sign', schemas.StepSchema) },
  '/v1/work/outgoing/{id}/give-back': { post: step('Trả lại người soạn thảo / give back to the drafter', 'sign', schemas.StepSchema) },
  '/v1/work/outgoing/{id}/ticket': {
    post: operation('Xin vé ký / a ticket for initials, signature or seal', 'sign', { requestParams: { path }, requestBody: { required: true, content: json(schemas.WorkTicketSchema) }, responses: { '201': { description: 'Ticket of ten minutes, for one session', content: json(TicketSchema) }, '403': problem('Không đúng người / not this person'), '409': problem('Không phải lúc này / not now') } }),
  },
  '/v1/work/outgoing/{id}/number': { post: step('Cấp số, ngày / number and date', 'sign', schemas.WorkNumberSchema, 'The next number of the year where none is named.') },
  '/v1/work/outgoing/{id}/issue': { post: step('Phát hành, gửi qua trục / issue and send over the axis', 'sign', schemas.IssueSchema) },
  '/v1/work/incoming/collect': {
    post: operation('Lấy văn bản mới đến / take what waits in the inbox', 'inbox', { description: 'Each document becomes a file, its sender is told 01, and the delivery is acknowledged.', requestBody: { required: true, content: json(schemas.CollectSchema) }, responses: { '200': { description: 'How many came', content: json(schemas.CollectedSchema) } } }),
  },
  '/v1/work/incoming': { get: list('Văn bản đến / incoming documents', 'inbox') },
  '/v1/work/incoming/{id}': { get: file('Hồ sơ văn bản đến / a file', 'inbox') },
  '/v1/work/incoming/{id}/verify': { post: step('Đã kiểm tra chữ ký số / the stored report was looked at', 'inbox', schemas.StepSchema) },
  '/v1/work/incoming/{id}/register': { post: step('Vào sổ văn bản đến / register with the next number (03)', 'inbox', schemas.RegisterSchema) },
  '/v1/work/incoming/{id}/refuse': { post: step('Trả lại nơi gửi / return to the sender (02)', 'inbox', schemas.StepSchema) },
  '/v1/work/incoming/{id}/direct': { post: step('Ý kiến chỉ đạo, phân công / directive and assignment (04)', 'inbox', schemas.DirectSchema) },
  '/v1/work/incoming/{id}/progress': { post: step('Báo cáo tiến độ / progress (05 the first time)', 'inbox', schemas.StepSchema) },
  '/v1/work/incoming/{id}/complete': { post: step('Hoàn thành / done (06)', 'inbox', schemas.StepSchema) },
  '/v1/work/incoming/{id}/answer-recall': { post: step('Trả lời yêu cầu lấy lại / answer a recall (15 or 16)', 'inbox', schemas.RecallAnswerSchema) },
  '/v1/work/registers/{register}': {
    get: operation('Sổ đăng ký văn bản / a register of a year', 'inbox', { requestParams: { path: z.object({ register: z.enum(['outgoing', 'incoming']) }), query: schemas.RegisterQuerySchema }, responses: { '200': { description: 'Lines in the order of their numbers', content: json(schemas.WorkRegisterSchema) } } }),
  },
}; // biome-ignore format: one path a line
