import { live, scenarioCalled } from '../testing.js';
import { reportPage } from './page.js';
import { comparison, summary } from './summary.js';
import { countText, shareText, timeText } from './words.js';

const { plan, figures } = live({ nodes: 6, vms: 90, seed: 5 });
const page = reportPage(plan, scenarioCalled(plan.scenario), [figures]);

describe('the report', () => {
  it('contains the plan, the seed and the figures', () => {
    const told = [
      plan.scenario,
      'seed <b>5</b>',
      figures.digest,
      `<td>${timeText(figures.wait.p99Ms)}</td>`,
      `<td>${shareText(figures.utilisation.mean)}</td>`,
      `<td>${countText(figures.pulls)}</td>`,
      'every law held',
    ];
    for (const text of told) expect(page).toContain(text);
  });

  it('needs nothing from elsewhere', () => {
    expect(page).not.toMatch(/(src|href)=|@import|url\(|https?:/);
  });

  it('draws a picture of each course', () => {
    for (const id of ['utilisation', 'queue', 'pulls', 'starts', 'waits']) expect(page).toContain(`data-chart="${id}"`);
    expect(page).toContain('data-heat="240,6"');
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('has a script that can be read, and data for it', () => {
    const [, json = ''] = /id="data">(.*?)<\/script>/s.exec(page) ?? [];
    const [, script = ''] = /<script>(.*?)<\/script>/s.exec(page) ?? [];
    expect(JSON.parse(json)).toHaveProperty('charts.utilisation.texts');
    // Read, not run: there is no page around it.
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    expect(() => new Function(script)).not.toThrow();
  });

  it('tells breaches, with their signs escaped', () => {
    const broken = { ...figures, broken: 1, breaches: ['<b> broke'] };
    const told = reportPage(plan, scenarioCalled(plan.scenario), [broken]);
    expect(told).toContain('laws were broken 1 times');
    expect(told).toContain('&lt;b&gt; broke');
  });
});

describe('the summary', () => {
  it('tells the figures, the laws with their counts, and the digest', () => {
    const text = summary(plan, figures);
    for (const told of [timeText(figures.wait.p99Ms), 'all held', figures.digest, 'fairness'])
      expect(text).toContain(told);
  });

  it('lists what was broken', () => {
    expect(summary(plan, { ...figures, broken: 2, breaches: ['one', 'two'] })).toMatch(/BROKEN 2 times[^]*two/);
  });

  it('puts runs side by side', () => {
    const other = { ...figures, placement: 'other', pulls: 987_654 };
    expect(comparison([figures, other])).toMatch(/pulls +\d+ +987,654/);
  });
});
