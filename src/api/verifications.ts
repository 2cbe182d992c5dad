import { Router } from 'express';
import type { Stations } from '../exchange/index.ts';
import { filesInput } from '../rendering/index.ts';
import { verifyFile } from '../verification/index.ts';
import { authenticate, type TokenService } from './auth.ts';
import { type BodyBudget, readBody } from './body.ts';
import { sendReport } from './report-forms.ts';

/** POST /v1/verifications: a file in the body → its report; nothing is stored or recorded. */
export function verificationRoutes(x: Stations, tokens: TokenService, budget: BodyBudget): Router {
  const router = Router();
  router.post(
    '/v1/verifications',
    authenticate(tokens, 'verify', 'submissions'),
    async (request, response) => {
      const bytes = await readBody(request, budget);
      const report = verifyFile(bytes, x.verification());
      await sendReport(request, response, JSON.stringify(report), () => filesInput([{ name: null, report }]));
    },
  );
  return router;
}
