import type { z } from 'zod';
import type { WorkFileSchema } from '../src/api/work-schemas.ts';
import {
  type ComposedLetter,
  composeLetter,
  letterOf,
  letterOrder,
  officialName,
  sealName,
} from '../src/lab/index.ts';
import { PAGE, type PreparedList, type SigningDesk, signingDesk, type Ticket } from './signer.ts';
import type { World } from './world.ts';

export type WorkFile = z.output<typeof WorkFileSchema> & Record<string, unknown>;

/** People of an agency, as its own document system names them. */
export function people(axis: World, code: string) {
  const { subject } = axis.demo.pki.entity(officialName(code)).declaration;
  const one = (id: string, name: string, title: string, role: string) => ({ id: `${code}/${id}`, name, title, role });
  return {
    leader: {
      ...one('leader', String(subject.CN), String(subject.title), 'leader'),
      serialNumber: String(subject.serialNumber),
    },
    deputy: one('deputy', 'Trần Thị Phó', 'Phó Chủ tịch', 'deputy'),
    clerk: one('clerk', 'Ngô Văn Thư', 'Văn thư', 'clerk'),
    otherClerk: one('clerk-2', 'Lý Thị Sổ', 'Văn thư', 'clerk'),
    specialist: one('specialist', 'Phan Soạn Thảo', 'Chuyên viên', 'specialist'),
  };
} // biome-ignore format: a person a line

/** The clerical work of the demo's agencies over REST, as their own systems would use it. */
export function workOffice(axis: World) {
  const desk: SigningDesk = signingDesk(axis);
  const post = (code: string, path: string, body: object) =>
    axis.fetch(code, `/v1/work/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const self = {
    desk,
    post,
    /** A step that must succeed. */
    step: async (code: string, path: string, body: object): Promise<WorkFile> => {
      const answer = await post(code, path, body);
      const told = await answer.json();
      if (!answer.ok) throw new TypeError(`${path}: ${JSON.stringify(told)}`);
      return told as WorkFile;
    },
    /** A step that must be refused. */
    refused: async (code: string, path: string, body: object): Promise<[number, string]> => {
      const answer = await post(code, path, body);
      return [answer.status, ((await answer.json()) as { code: string }).code];
    },
    file: async (code: string, kind: 'outgoing' | 'incoming', fileId: string): Promise<WorkFile> =>
      (await (await axis.fetch(code, `/v1/work/${kind}/${fileId}`)).json()) as WorkFile,
    /** A draft of the specialist, and its file. */
    draft: async (from: string, to: string, subject: string) => {
      const order = letterOrder({ from, to: [to], number: 1, subject, priority: 1 }, Date.now());
      const letter: ComposedLetter = await composeLetter(letterOf(order));
      const { documentId } = await desk.upload(from, letter.bytes, `${subject} ${Math.floor(performance.now() * 1000)}`);
      const { leader, specialist } = people(axis, from);
      const { role: _, ...signer } = leader;
      const facts = {
        subject,
        notation: order.from.notation,
        place: order.from.place,
        to: [to],
        toPlaces: ['Như trên', 'Lưu: VT'],
        priority: 1,
        signer,
        capacity: order.from.official.capacity[0]?.startsWith('KT') ? 'KT' : 'TM',
        authority: order.from.official.capacity[0],
        places: { number: letter.number, date: letter.date },
      };
      const file = await self.step(from, 'outgoing', { documentId, letter: facts, by: specialist });
      return { file, letter, facts };
    },
    /** Signs in the window with a ticket that the file gave. */
    sign: async (code: string, fileId: string, act: 'initial' | 'approve' | 'seal' | 'appendix', by: object, letter: ComposedLetter, official = officialName(code)) => {
      const { revision, documentId } = await self.file(code, 'outgoing', fileId);
      const ticket = (await self.step(code, `outgoing/${fileId}/ticket`, { revision, by, act, returnOrigin: PAGE })) as unknown as Ticket;
      const entity = act === 'seal' || act === 'appendix' ? sealName(code) : official;
      const session = await desk.open(ticket);
      const place = act === 'approve' ? { documents: [{ documentId, place: letter.signature }] } : {};
      const answer = (await (await desk.prepare(session, entity, place)).json()) as { documents: PreparedList };
      const signatures = answer.documents.map((prepared) => {
        if (prepared?.status !== 'prepared') throw new TypeError(JSON.stringify(answer));
        return { prepareId: prepared.prepareId, signature: desk.signature(prepared, entity) };
      });
      await desk.finalize(session, signatures);
      return self.file(code, 'outgoing', fileId);
    },
    /** From the draft to the signature of the leader. */
    signed: async (from: string, to: string, subject: string) => {
      const { specialist, deputy, clerk, leader } = people(axis, from);
      const { file, letter, facts } = await self.draft(from, to, subject);
      const path = (step: string) => `outgoing/${file.fileId}/${step}`;
      let { revision } = await self.step(from, path('ask'), { revision: 1, by: specialist, checkers: [deputy, clerk] });
      ({ revision } = await self.step(from, path('check'), { revision, by: deputy, aspect: 'content' }));
      ({ revision } = await self.step(from, path('check'), { revision, by: clerk, aspect: 'form' }));
      await self.step(from, path('submit'), { revision, by: specialist });
      const now = await self.sign(from, file.fileId, 'approve', leader, letter);
      return { file: now, letter, facts };
    },
    /** From the draft to the axis. */
    sent: async (from: string, to: string, subject: string) => {
      const { clerk } = people(axis, from);
      const { file, letter } = await self.signed(from, to, subject);
      const path = (step: string) => `outgoing/${file.fileId}/${step}`;
      await self.step(from, path('number'), { revision: file.revision, by: clerk });
      const { revision } = await self.sign(from, file.fileId, 'seal', clerk, letter);
      return self.step(from, path('issue'), { revision, by: clerk });
    },
  }; // biome-ignore format: a call a line
  return self;
}
