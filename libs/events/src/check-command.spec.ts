import type { Command } from '#domain';
import { COMMANDS } from './catalogue.js';
import { checkCommand } from './check-command.js';
import { FULL, NULLABLE, OPTIONAL } from './every-command.contract.js';

type Changed = { readonly path: string; readonly command: Command };

/** The command once for every field in it, at any depth, with that field changed by `change`. */
function withEachField(command: Command, change: (holder: Record<string, unknown>, field: string) => void): Changed[] {
  return pathsIn(command).map((keys) => {
    const copy = structuredClone(command) as unknown as Record<string, unknown>;
    const holder = keys.slice(0, -1).reduce((at, key) => at[key] as Record<string, unknown>, copy);
    change(holder, keys.at(-1) ?? '');
    return { path: `${command.type}${keys.map(written).join('')}`, command: copy as unknown as Command };
  });
}

const written = (key: string): string => (/^\d+$/.test(key) ? `[${key}]` : `.${key}`);

function pathsIn(value: object): string[][] {
  return Object.entries(value)
    .filter(([key]) => key !== 'type')
    .flatMap(([key, inner]: [string, unknown]) => {
      const deeper = typeof inner === 'object' && inner !== null ? pathsIn(inner) : [];
      return [[key], ...deeper.map((rest) => [key, ...rest])];
    });
}

const everyCommand = Object.values(FULL) as Command[];

describe('the shape of a command', () => {
  it('has an example here for every command', () => {
    expect(Object.keys(FULL).sort()).toEqual(Object.keys(COMMANDS).sort());
  });

  it.each(everyCommand.map((command) => [command.type, command] as const))('%s may be complete', (_, command) => {
    expect(checkCommand(command)).toBeUndefined();
  });

  it.each(everyCommand.map((command) => [command.type, command] as const))(
    '%s may have a field that nobody knows',
    (_, command) => expect(checkCommand(Object.assign(structuredClone(command), { colour: 'red' }))).toBeUndefined(),
  );

  it('names the field that is missing, at any depth, unless it may be', () => {
    for (const { path, command } of everyCommand.flatMap((each) => withEachField(each, remove)))
      expect([path, checkCommand(command)]).toEqual([
        path,
        OPTIONAL.has(path) ? undefined : expect.stringContaining(`${path} must be`),
      ]);
  });

  it.each([null, { an: 'object' }, ['list'], Number.NaN, 'text'])(
    'names the field that is %j and must not',
    (wrong) => {
      const seen = new Set<string>();
      for (const each of everyCommand)
        for (const { path, command } of withEachField(each, (holder, field) => (holder[field] = wrong))) {
          const fault = checkCommand(command);
          if (fault !== undefined) seen.add(path);
          if (wrong === null && NULLABLE.has(path)) expect(fault).toBeUndefined();
          else if (wrong === null || Number.isNaN(wrong))
            expect([path, fault]).toEqual([path, `${path} must be ${kind(fault)}`]);
        }
      expect(seen.size).toBeGreaterThan(60);
    },
  );

  it.each<[string, Partial<Command>]>([
    [
      'StartVM.request.forwards must be list',
      { type: 'StartVM', vmIds: [], request: { templateId: 't', forwards: 'ssh' as never } },
    ],
    ['StartVM.vmIds[1] must be string', { type: 'StartVM', vmIds: ['a', 7 as never], request: { templateId: 't' } }],
    ['StartVM.request must be object', { type: 'StartVM', vmIds: [], request: [] as never }],
    [
      'UpdateVM.metadata.a must be string, number or boolean',
      { type: 'UpdateVM', vmId: 'a', metadata: { a: {} as never } },
    ],
    [
      'ConfigNode.config.capacityMode must be number or resource',
      { type: 'ConfigNode', nodeId: 'n', config: { capacityMode: 'x' as never } },
    ],
    ['TerminateVM.vmId must be string', { type: 'TerminateVM', vmId: 1 as never }],
  ])('is said in words: %s', (fault, command) => expect(checkCommand(command as Command)).toBe(fault));
});

function remove(holder: Record<string, unknown>, field: string): void {
  // A hole in a list is an item that is not there.
  if (Array.isArray(holder)) holder[Number(field)] = undefined as never;
  else delete holder[field];
}

const kind = (fault: string | undefined): string => fault?.split(' must be ')[1] ?? 'named as wrong';
