import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configPage } from '../../tools/docs/config-page.js';
import { pages } from '../../tools/docs/pages.js';
import { ROOT } from './rules/source.js';
import { stalePages } from './rules/stale-pages.js';

const written = pages();

describe('generated documents', () => {
  it('are as the code says; if not, run `npm run docs`', () => {
    const stored = (path: string) =>
      existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), 'utf8') : undefined;
    expect(stalePages(written, stored)).toEqual([]);
  });

  it('are caught when a word differs and when they are missing', () => {
    const wanted = [
      { path: 'docs/a.md', text: 'new' },
      { path: 'docs/b.md', text: 'same' },
      { path: 'docs/c.md', text: 'x' },
    ];
    const stored = new Map([
      ['docs/a.md', 'old'],
      ['docs/b.md', 'same'],
    ]);
    expect(stalePages(wanted, (path) => stored.get(path))).toEqual(['docs/a.md is stale', 'docs/c.md is missing']);
  });
});

describe('the page of settings', () => {
  it('shows aliases, defaults and bounds, each setting once', () => {
    const page = configPage();
    expect(page).toContain(
      '| `MUSTER_LISTEN`, also `ANKA_LISTEN_ADDR` | `127.0.0.1:8090` | host:port or :port | start, api |',
    );
    expect(page).toContain('| `MUSTER_NODE_CAPACITY` | – | a whole number from 1 to 10000 | node-agent |');
    expect(page.match(/^\| `MUSTER_HOME`/gm)).toHaveLength(1);
  });
});

describe('the page of commands and events', () => {
  it('shows under which subject each is found, and who sends it', () => {
    const page = written.find(({ path }) => path === 'docs/events.md')?.text;
    expect(page).toContain('| `StartVM` | `muster.cmd.vm.StartVM` | a door or a NATS client |');
    expect(page).toContain('| `ReportVMStarted` | `muster.rpt.<node id>.ReportVMStarted` | the node agent |');
    expect(page).toContain('| `muster.vm.VMStarted` | `muster.evt.vm.<vm id>.VMStarted` | systemAction |');
    expect(page).toContain('| `muster.qry.vm.Explain` | a door or a NATS client |');
  });

  it('shows of each event its fields and an example, and links only to what is on it', () => {
    const page = written.find(({ path }) => path === 'docs/events.md')?.text ?? '';
    expect(page).toContain('| `instance` | [HostInstance](#hostinstance) | yes |');
    expect(page).toContain('"dataschema": "urn:muster:VMStarted:1"');
    const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title.toLowerCase().replaceAll(' ', '-'),
    );
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !headings.includes(link))).toEqual([]);
  });
});
