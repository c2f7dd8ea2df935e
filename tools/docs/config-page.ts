import {
  ANKA_IGNORED,
  expectationOf,
  SETTINGS,
  type AppName,
  type Setting,
} from '../../libs/events/src/settings/index.js';

const INTRODUCTION = `<!-- Generated from libs/events/src/settings by \`npm run docs\`. Do not edit. -->

# Settings

Every setting is an environment variable, a flag and a line in the file that \`ANKA_CONFIG\` names: \`ANKA_LISTEN_ADDR=:80\`,
\`npm start -- --listen-addr :80\`, \`listen-addr = :80\`; \`MUSTER_HOME\` is \`--muster-home\`. A flag goes before a variable, a variable before
the file. Secrets are not taken from flags, since everybody can read a command line. An empty value counts as not set. A \`MUSTER_\` name
that is not in this list stops the process at its start, with the nearest known name; an unknown \`ANKA_\` name is accepted and listed in
one log line.
`;

const SECTIONS: readonly (readonly [title: string, belongs: (setting: Setting) => boolean])[] = [
  ['Muster', ({ name, apps }) => name.startsWith('MUSTER_') && !isOfNode(apps)],
  ['Nodes', ({ name, apps }) => name.startsWith('MUSTER_') && isOfNode(apps)],
  ['Known from Anka Build Cloud', ({ name }) => name.startsWith('ANKA_')],
];

/** docs/config.md: one table per section, a row for each setting of the catalogue. */
export function configPage(settings: readonly Setting[] = SETTINGS): string {
  const sections = SECTIONS.map(([title, belongs]) => {
    const rows = settings.filter(belongs).map(rowOf);
    return `## ${title}\n\n| Name | Default | Must be | Read by | Meaning |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
  });
  return [INTRODUCTION, ...sections, IGNORED].join('\n');
}

const IGNORED = `## Accepted without effect

These settings of Anka Build Cloud may stay in a deployment; each is named in the log once.

| Name | Why |
|---|---|
${ANKA_IGNORED.map(({ names, why }) => `| ${names.map((name) => `\`${name}\``).join(', ')} | ${why} |`).join('\n')}
`;

function rowOf(setting: Setting): string {
  const names = [setting.name, ...(setting.aliases ?? [])].map((name) => `\`${name}\``).join(', also ');
  const value = setting.default === undefined ? '–' : `\`${setting.default}\``;
  return `| ${names} | ${value} | ${expectationOf(setting)} | ${setting.apps.join(', ')} | ${setting.meaning} |`;
}

function isOfNode(apps: readonly AppName[]): boolean {
  return apps.includes('node-agent') && !apps.includes('api');
}
