import type { ResourceGrant } from '#domain';
import { Failure } from '../failure.js';
import type { ApiKeyRow } from '../../../views/index.js';
import type { ApiKeyDto, ResourceDto, ResourceTypeDto } from '../dto/access.dto.js';
import { timeOf } from './time.js';

export const apiKeyOf = ({ keyId, groups, expiresAt, createdAt }: ApiKeyRow): ApiKeyDto => ({
  id: keyId,
  groups: [...groups],
  expiration: timeOf(expiresAt),
  created: timeOf(createdAt),
});

export const resourceOf = ({ id, type, permissions }: ResourceGrant): ResourceDto => ({
  ...{ id, id_type: 'id', type },
  permissions: [...permissions],
});

/** What there is to allow, and how it is called (anka.md §2.9). */
const ON: Readonly<Record<ResourceGrant['type'], Readonly<Record<string, string>>>> = {
  node: {
    change_config: 'Change the configuration of the node',
    create_instance: 'Start instances on the node',
    delete_template: 'Remove templates from the node',
    distribute: 'Bring templates to the node',
    force_upgrade: 'Upgrade the agent of the node',
    list: 'See the node',
    remove: 'Take the node out of the fleet',
  },
  template: {
    delete_revert: 'Delete or revert the template',
    get_config: 'See the configuration of the template',
    list: 'See the template',
    pull: 'Pull the template',
    push_tag: 'Push tags of the template',
    save_image: 'Save images to the template',
    set_arch: 'Set the architecture of the template',
  },
};

export const resourceTypes = (): ResourceTypeDto[] =>
  Object.entries(ON).map(([resource_type, described]) => ({
    resource_type,
    permissions: Object.fromEntries(
      Object.entries(described).map(([name, description]) => [name, { label: labelOf(name), description }]),
    ),
  }));

const labelOf = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ');

/** Throws `Failure` for a permission that nothing asks for: a typing error must not look like a right. */
export function toResources(sent: readonly ResourceDto[]): ResourceGrant[] {
  return sent.map(({ id, type, permissions = [] }) => {
    const known = Object.hasOwn(ON, type) ? Object.keys(ON[type]) : [];
    const unknown = permissions.find((name) => !known.includes(name));
    if (known.length === 0) throw new Failure(400, 'type must be one of node, template');
    if (unknown !== undefined) throw new Failure(400, `permissions of a ${type} must be among ${known.join(', ')}`);
    return { id, type, permissions };
  });
}
