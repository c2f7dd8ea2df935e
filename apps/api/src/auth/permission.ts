/**
 * What a caller may be allowed to do: the names of the vendor's permission groups (anka.md §1.5), its own spelling included. A route of
 * any dialect needs one of them.
 */
export const PERMISSIONS = [
  'list_vms',
  'start_vm',
  'terminate_vm',
  'get_registry_files',
  'view_logs',
  'get_registry_disk_info',
  'registry_list',
  'registry_delete',
  'list_nodes',
  'delete_node',
  'change_node_config',
  'create_group',
  'get_groups',
  'delete_group',
  'update_group',
  'add_node_to_group',
  'remove_group_from_node',
  'registry_distribute',
  'registry_distribute_status',
  'change_config',
  'get_config',
  'view_permissions',
  'view_prmission_groups',
  'update_permission_groups',
  'delete_permission_groups',
] as const;

export type Permission = (typeof PERMISSIONS)[number];

/** The same for the registry's own port (anka.md §1.5). */
export const REGISTRY_PERMISSIONS = [
  'index',
  'get_disk_info',
  'list_vms',
  'head_push_vm',
  'push_vm',
  'pull_vm',
  'download_vm',
  'delete_vm',
  'revert',
  'upload_file',
  'download_file',
  'get_streamer',
  'stream_log',
  'get_log_archive',
  'send_log_event',
  'send_log',
  'view_permissions',
  'view_prmission_groups',
  'update_permission_groups',
  'delete_permission_groups',
] as const;

export type RegistryPermission = (typeof REGISTRY_PERMISSIONS)[number];

export interface PermissionOf {
  readonly controller: Permission;
  readonly registry: RegistryPermission;
}

/**
 * What a route asks of its caller. `open`: nothing, not even a name. `any`: a name. `superuser`: to be root. Else a permission, which
 * whoever has a name holds while there are no permission groups: one of the controller's, or one of the registry's, which a route of
 * the registry's listener names as it is.
 */
export type Need = Permission | RegistryPermission | `registry:${RegistryPermission}` | 'open' | 'any' | 'superuser';

/** Key under which a route carries its need. */
export const NEED = 'muster:need';

/** Key under which a route says that node agents may call it, too. */
export const ALSO_NODES = 'muster:also-nodes';
