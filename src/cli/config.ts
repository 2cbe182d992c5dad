import { Command } from 'commander';
import { type Config, configFrom, SETTINGS, type Settings, settingsFrom } from '../app/index.ts';
import type { ExitCode } from './exit-code.ts';
import { printJson } from './output.ts';

export function configCommand(_done: (code: ExitCode) => void): Command {
  return withSettings(
    new Command('config').description(
      'show the configuration that a start would use; refuses what a start would refuse',
    ),
  )
    .option('--check', 'only check, print nothing')
    .option('--demo', 'as for serve --demo')
    .action((options) => {
      const config = configFrom(settingsFrom(flagsOf(options)), options.demo === true);
      if (!options.check) printJson(withoutSecrets(config));
    });
}

/** What may stand in a terminal's history or a ticket: no passwords of stores, no master key. */
function withoutSecrets(whole: Config): object {
  const config = { ...whole, oidc: whole.oidc && { ...whole.oidc, clientSecret: '…' } };
  const { distributed } = config;
  if (distributed === null) return config;
  const place = (url: string) => url.replace(/\/\/.*@/, '//…@');
  const { mongoUrl, redisUrl, s3Url } = distributed;
  return {
    ...config,
    distributed: {
      mongoUrl: place(mongoUrl),
      redisUrl: place(redisUrl),
      s3Url: place(s3Url),
      masterKey: '…',
    },
  };
}

/** Adds a flag for every setting. */
export function withSettings(command: Command): Command {
  for (const setting of SETTINGS) {
    const flag = setting.toLowerCase().replaceAll('_', '-');
    command.option(`--${flag} <value>`, `same as TRUC_${setting}`);
  }
  return command;
}

/** Settings given as flags. */
export function flagsOf(options: Record<string, unknown>): Settings {
  const flags: Settings = {};
  for (const setting of SETTINGS) {
    const name = setting.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const value = options[name];
    if (typeof value === 'string') flags[setting] = value;
  }
  return flags;
}
