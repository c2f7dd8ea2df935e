import { pretendedTemplate } from './pretended-template.js';
import type { DriverName } from './settings.js';

/** The template that `npm start` offers so that there is something to start a VM from. */
export interface DemoTemplate {
  readonly id: string;
}

interface Builder {
  buildDemoTemplate(outDir: string, log: (line: string) => void): Promise<unknown>;
}

interface Pusher {
  pushTemplate(apiUrl: string, template: unknown, dir: string): Promise<DemoTemplate>;
}

/** What the node can run (or pretend to run) goes in, and where the template's files are to be. */
export interface DemoOrder {
  readonly apiUrl: string;
  readonly driver: DriverName;
  readonly dir: string;
}

/** Builds the demo template for this driver, or takes the one built before, and makes sure that the API has it. */
export async function provideDemoTemplate(order: DemoOrder, log: (line: string) => void): Promise<DemoTemplate> {
  // Imported when needed: without the demo template, none of what they use has to work.
  const pusher = (await import(new URL('../template/push.js', import.meta.url).href)) as Pusher;
  if (order.driver === 'simulated') {
    const dir = `${order.dir}-simulated`;
    return pusher.pushTemplate(order.apiUrl, pretendedTemplate(dir), dir);
  }
  const builder = (await import(new URL('../template/build-demo.js', import.meta.url).href)) as Builder;
  const template = await builder.buildDemoTemplate(order.dir, log);
  return pusher.pushTemplate(order.apiUrl, template, order.dir);
}

/** One line that starts a VM from the template. */
export function curlLine(apiUrl: string, templateId: string): string {
  const body = JSON.stringify({ vmid: templateId, count: 1 });
  return `curl -s -X POST ${apiUrl}/api/v1/vm -H 'content-type: application/json' -d '${body}'`;
}
