export { type TokenService, tokenService } from './auth.ts';
export type { BodyBudget } from './body.ts';
export { chartFonts, PICTURE_POLICY } from './chart-fonts.ts';
export { cookie } from './cookies.ts';
export type { DemoLogin } from './login.ts';
export { httpMetrics } from './metrics.ts';
export { assetRoutes, pageScript, styleSheet } from './page-assets.ts';
export { type Frame, type PageContent, pageErrorHandler, sendPage } from './pages.ts';
export {
  agenciesOf,
  hasRole,
  type PeopleService,
  type PersonCaller,
  peopleService,
  personOf,
  requirePerson,
} from './people.ts';
export { preferencesOf } from './preferences.ts';
export { operationsGate, publicGate } from './server.ts';
export { signingGate } from './signing-gate.ts';
export { fileOf, type UploadedFile } from './uploads.ts';
