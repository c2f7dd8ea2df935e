import type { Command, ResourceGrant } from '#domain';
import { Forbidden } from './failures.js';

type Kind = ResourceGrant['type'];

/** What a command does to one node or template. */
export interface Touch {
  readonly type: Kind;
  readonly id: string;
  readonly permission: string;
}

/** Which nodes and templates a caller may touch, and how (anka.md §2.9). What is not granted is out of reach. */
export class Reach {
  private readonly granted = new Map<string, Set<string>>();

  constructor(grants: readonly ResourceGrant[]) {
    for (const { type, id, permissions } of grants) {
      const key = `${type}/${id}`;
      this.granted.set(key, new Set([...(this.granted.get(key) ?? []), ...permissions]));
    }
  }

  readonly sees = (type: Kind, id: string): boolean => this.may({ type, id, permission: 'list' });

  may({ type, id, permission }: Touch): boolean {
    return this.granted.get(`${type}/${id}`)?.has(permission) === true;
  }

  /** Throws `Forbidden` when the command would do what the caller may not. */
  check(command: Command): void {
    const touch = this.beyond(command);
    if (touch !== undefined) throw new Forbidden(`${touch.permission} of that ${touch.type}`);
  }

  /** The first thing that the command would do and may not; undefined: it may do all. */
  private beyond(command: Command): Touch | undefined {
    return touchesOf(command).find((touch) => !this.may(touch));
  }
}

function touchesOf(command: Command): readonly Touch[] {
  const node = (permission: string) => (id: string) => ({ type: 'node' as const, id, permission });
  const template = (permission: string) => (id: string) => ({ type: 'template' as const, id, permission });
  switch (command.type) {
    case 'ConfigNode':
      return [node('change_config')(command.nodeId)];
    case 'DeleteNode':
      return [node('remove')(command.nodeId)];
    case 'DeleteRegistryVm':
    case 'RevertTemplate':
      return [template('delete_revert')(command.templateId)];
    case 'PushTemplate':
      return [template('push_tag')(command.templateId)];
    case 'SetTemplateArch':
      return [template('set_arch')(command.templateId)];
    case 'SaveImage': {
      // One that is made is nobody's yet.
      if (!('templateId' in command.target)) return [];
      const permissions = ['save_image', ...(command.revertBeforePush ? ['delete_revert'] : [])];
      const { templateId } = command.target;
      return permissions.map((permission) => template(permission)(templateId));
    }
    case 'RemoveTemplateFromNodes':
      return (command.nodeIds ?? []).map(node('delete_template'));
    case 'DistributeTemplateToNodes':
      return [template('pull')(command.templateId), ...(command.nodeIds ?? []).map(node('distribute'))];
    case 'StartVM': {
      const { templateId, nodeId } = command.request;
      return [template('pull')(templateId), ...(nodeId === undefined ? [] : [node('create_instance')(nodeId)])];
    }
    default:
      return [];
  }
}
