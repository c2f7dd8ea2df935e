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

/** Builds the demo template, or takes the one built before, and makes sure that the API has it. */
export async function provideDemoTemplate(
  apiUrl: string,
  outDir: string,
  log: (line: string) => void,
): Promise<DemoTemplate> {
  const builder = (await import(new URL('../template/build-demo.js', import.meta.url).href)) as Builder;
  const pusher = (await import(new URL('../template/push.js', import.meta.url).href)) as Pusher;
  return pusher.pushTemplate(apiUrl, await builder.buildDemoTemplate(outDir, log), outDir);
}

/** One line that starts a VM from the template. */
export function curlLine(apiUrl: string, templateId: string): string {
  const body = JSON.stringify({ vmid: templateId, count: 1 });
  return `curl -s -X POST ${apiUrl}/api/v1/vm -H 'content-type: application/json' -d '${body}'`;
}
