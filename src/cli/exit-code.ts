/** Exit codes: 0 done, 1 the answer is no (a verdict did not pass, an audit found something), 2 usage or read error. */
export type ExitCode = 0 | 1 | 2;
