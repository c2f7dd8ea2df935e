import { expectationOf, SETTINGS, type AppName, type Setting } from '../../libs/events/src/settings/index.js';

const INTRODUCTION = `<!-- Generated from libs/events/src/settings by \`npm run docs\`. Do not edit. -->

# Settings

Every setting is an environment variable. An empty value counts as not set. A \`MUSTER_\` name that is not in this list stops the process
at its start, with the nearest known name; an unknown \`ANKA_\` name is accepted and listed in one log line.
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
  return [INTRODUCTION, ...sections].join('\n');
}

function rowOf(setting: Setting): string {
  const names = [setting.name, ...(setting.aliases ?? [])].map((name) => `\`${name}\``).join(', also ');
  const value = setting.default === undefined ? '–' : `\`${setting.default}\``;
  return `| ${names} | ${value} | ${expectationOf(setting)} | ${setting.apps.join(', ')} | ${setting.meaning} |`;
}

function isOfNode(apps: readonly AppName[]): boolean {
  return apps.includes('node-agent') && !apps.includes('api');
}
