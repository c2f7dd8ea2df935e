import type { Assignment, DesiredNode, SaveWish } from '#domain';

/** A value of another form was written by another build and will be written anew by whoever leads now. */
const FORM = 2;
const ABSENT = 1;
const STARTED = 2;

/** What many VMs of a node have in common, said once. */
type Kind = Omit<Assignment, 'vmId' | 'epoch' | 'wish' | 'started' | 'restarts' | 'save'>;

/** What is a VM's own: id, epoch, number of its kind, marks, restarts, and, of the few that have it, the wish to save it. */
type Row = readonly [vmId: string, epoch: number, kind: number, marks: number, restarts: number, save?: SaveWish];

/**
 * A desired state as it is stored: the image of a VM is ten times as long as all else that is said of it, and the VMs of a node come
 * from few.
 */
export function desiredText({ vms, ...rest }: DesiredNode): string {
  const kinds = new Kinds();
  let rows = '';
  for (const vm of vms) {
    const marks = (vm.wish === 'absent' ? ABSENT : 0) + (vm.started ? STARTED : 0);
    if (rows !== '') rows += ',';
    rows += `[${JSON.stringify(vm.vmId)},${vm.epoch},${kinds.numberOf(vm)},${marks},${vm.restarts}${saveText(vm)}]`;
  }
  return `{"form":${FORM},"rest":${JSON.stringify(rest)},"kinds":[${kinds.texts.join(',')}],"vms":[${rows}]}`;
}

const saveText = ({ save }: Assignment): string => (save === undefined ? '' : `,${JSON.stringify(save)}`);

/** Undefined for a value that another build wrote. */
export function readDesired(text: string): DesiredNode | undefined {
  const value = JSON.parse(text) as {
    readonly form?: number;
    readonly rest: Omit<DesiredNode, 'vms'>;
    readonly kinds: readonly Kind[];
    readonly vms: readonly Row[];
  };
  if (value.form !== FORM) return undefined;
  const kinds = value.kinds.map(readKind);
  const vms = value.vms.map((row) => assignmentOf(row, kinds[row[2]] as ReadKind));
  return { ...value.rest, vms };
}

interface ReadKind {
  readonly kind: Kind;
  /** It has no more than what every VM has. */
  readonly isPlain: boolean;
}

function readKind(kind: Kind): ReadKind {
  const { image: _image, cpu: _cpu, memoryMiB: _memoryMiB, forwards: _forwards, ...more } = kind;
  return { kind, isPlain: Object.keys(more).length === 0 };
}

/** All fields by name where that is possible: an object that is spread is made several times as slowly, and there are very many. */
function assignmentOf([vmId, epoch, , marks, restarts, save]: Row, { kind, isPlain }: ReadKind): Assignment {
  const wish = (marks & ABSENT) === 0 ? 'present' : 'absent';
  const started = (marks & STARTED) !== 0;
  if (!isPlain || save !== undefined)
    return { ...kind, vmId, epoch, wish, started, restarts, ...(save !== undefined && { save }) };
  const { image, cpu, memoryMiB, forwards } = kind;
  return { vmId, epoch, wish, started, restarts, image, cpu, memoryMiB, forwards };
}

/** Numbers what VMs have in common. A VM is nearly always of the kind of the VM before it, which is seen without a look inside. */
class Kinds {
  readonly texts: string[] = [];
  private readonly numbers = new Map<string, number>();
  private last: Assignment | undefined;
  private lastNumber = 0;

  numberOf(vm: Assignment): number {
    if (this.last === undefined || !isVisiblyAlike(this.last, vm)) {
      const {
        vmId: _id,
        epoch: _epoch,
        wish: _wish,
        started: _started,
        restarts: _restarts,
        save: _save,
        ...kind
      } = vm;
      this.lastNumber = this.number(JSON.stringify(kind satisfies Kind));
    }
    this.last = vm;
    return this.lastNumber;
  }

  private number(text: string): number {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    this.numbers.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}

/** Fields of a kind, and all of them: another one in `Assignment` must be compared, too. */
const KIND_FIELDS = Object.keys({
  nameTemplate: true,
  image: true,
  cpu: true,
  memoryMiB: true,
  forwards: true,
  script: true,
  usbDevice: true,
  macAddress: true,
  vlan: true,
} satisfies Record<keyof Kind, true>) as (keyof Kind)[];

function isVisiblyAlike(a: Assignment, b: Assignment): boolean {
  for (const field of KIND_FIELDS) if (a[field] !== b[field]) return false;
  return true;
}
