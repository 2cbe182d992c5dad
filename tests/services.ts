import { describe } from '@jest/globals';
import { services } from './service-urls.ts';

export { services };

/** For suites that need the services: skipped with a line where they cannot run, an error in CI. */
export const describeWithServices = canRun() ? describe : describe.skip;

function canRun(): boolean {
  try {
    services();
    return true;
  } catch (error) {
    if (process.env.CI) throw error;
    console.info(`not run: MongoDB and Redis cannot be started here (${String(error)})`);
    return false;
  }
}
