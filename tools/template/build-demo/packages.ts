import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from './run-tool.js';

const MAX_DEPENDENCY_DEPTH = 8;
/** The metapackage of the kernel, best first: Debian's cloud flavour, Ubuntu's virtual flavour, Debian's general one. */
const kernelMetapackages = (arch: string): string[] => [
  `linux-image-cloud-${arch}`,
  'linux-image-virtual',
  `linux-image-${arch}`,
];

/** Apt as configured on this machine, but with package lists of its own when the machine's do not know the packages. */
export class Apt {
  private options: string[] = [];

  constructor(private readonly workDir: string) {}

  /** Makes sure that the package is known, fetching package lists into the work directory if need be. */
  async know(name: string, log: (line: string) => void): Promise<void> {
    if ((await this.candidates([name])).length > 0) return;
    log('fetching package lists');
    const state = join(this.workDir, 'apt');
    mkdirSync(join(state, 'lists/partial'), { recursive: true });
    mkdirSync(join(state, 'cache/archives/partial'), { recursive: true });
    this.options = [
      '-o',
      `Dir::State::Lists=${state}/lists`,
      '-o',
      `Dir::Cache=${state}/cache`,
      '-o',
      'APT::Sandbox::User=',
    ];
    await runTool('apt-get', [...this.options, '-q', 'update']);
    if ((await this.candidates([name])).length === 0) throw new Error(`Apt does not offer the package ${name}.`);
  }

  /** Those of the names which apt could download. */
  async candidates(names: readonly string[]): Promise<string[]> {
    const text = await runTool('apt-cache', [...this.options, 'policy', ...names]);
    return names.filter((name) => new RegExp(`^${escape(name)}:\\n.*\\n  Candidate: (?!\\(none\\))`, 'm').test(text));
  }

  async dependencies(names: readonly string[]): Promise<string[]> {
    const text = await runTool('apt-cache', [...this.options, 'depends', ...names]);
    return [...text.matchAll(/^ [ |](?:Pre)?Depends: ([a-z0-9][a-z0-9.+-]*)/gm)].map((match) => match[1] ?? '');
  }

  /** Downloads the packages and unpacks them, one over the other, into `target`. */
  async unpack(names: readonly string[], target: string): Promise<void> {
    const debs = `${target}.debs`;
    mkdirSync(debs, { recursive: true });
    mkdirSync(target, { recursive: true });
    await runTool('apt-get', [...this.options, '-q', 'download', ...names], { cwd: debs });
    for (const deb of readdirSync(debs)) await runTool('dpkg-deb', ['-x', join(debs, deb), target]);
  }
}

/** The packages and the shared libraries they need, by following dependencies through library packages only. */
export async function withLibraries(apt: Apt, names: readonly string[]): Promise<string[]> {
  const found = new Set(names);
  let front = [...names];
  for (let depth = 0; front.length > 0 && depth < MAX_DEPENDENCY_DEPTH; depth++) {
    const next = (await apt.dependencies(front)).filter((name) => /^(lib|zlib)/.test(name) && !/perl/.test(name));
    front = [...new Set(next)].filter((name) => !found.has(name));
    for (const name of front) found.add(name);
  }
  return apt.candidates([...found]);
}

/** Today's packages of the small kernel: image and, where they are apart, its modules. */
export async function kernelPackages(apt: Apt, arch: string): Promise<string[]> {
  for (const meta of await apt.candidates(kernelMetapackages(arch))) {
    const image = (await apt.dependencies([meta])).find((name) => /^linux-image-.*\d+\.\d+/.test(name));
    if (!image) continue;
    const modules = (await apt.dependencies([image])).filter((name) => /^linux-modules-\d/.test(name));
    return [image, ...modules];
  }
  throw new Error(`Apt offers none of the kernels ${kernelMetapackages(arch).join(', ')}.`);
}

function escape(text: string): string {
  return text.replace(/[.+]/g, '\\$&');
}
