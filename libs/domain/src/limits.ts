/** Every bound of the domain, by name. */
export const MAX_VMS_PER_COMMAND = 1000;
export const MIN_PRIORITY = 1;
export const MAX_PRIORITY = 10_000;
export const DEFAULT_PRIORITY = 1000;
export const MAX_VCPU = 512;
export const MIN_MEMORY_MIB = 64;
export const MAX_MEMORY_MIB = 4 * 1024 * 1024;
export const MAX_NAME_LENGTH = 256;
export const MAX_DESCRIPTION_LENGTH = 4096;
/** External ids are often URLs of CI jobs. */
export const MAX_EXTERNAL_ID_LENGTH = 2048;
export const MAX_METADATA_KEYS = 64;
export const MAX_METADATA_VALUE_LENGTH = 4096;
export const MAX_FORWARDS = 32;
/** User API keys, of both stores together. */
export const MAX_API_KEYS = 10_000;
export const MAX_GROUPS_PER_API_KEY = 64;
/** No key works longer: a hundred years. */
export const MAX_API_KEY_LIFE_MS = 100 * 365 * 24 * 3600 * 1000;
/** Enough for RSA of 8192 bits, as PKIX DER in base64. */
export const MAX_PUBLIC_KEY_LENGTH = 2048;
/** Groups and users that have permissions, of both stores together. */
export const MAX_PERMISSION_GROUPS = 1000;
/** Of groups and users as certificates and identity providers name them; also of API keys. */
export const MAX_GRANTEE_NAME_LENGTH = 128;
export const MAX_PERMISSIONS_PER_GRANTEE = 64;
export const MAX_PERMISSION_NAME_LENGTH = 32;
/** With the most permissions on each, they fit into one event of less than a megabyte, which is what the stream takes. */
export const MAX_RESOURCES_PER_GRANTEE = 1000;
export const MAX_PERMISSIONS_PER_RESOURCE = 16;
export const MAX_NODE_CAPACITY = 10_000;
export const MAX_NODE_CPUS = 8192;
export const MAX_NODE_MEMORY_MIB = 256 * 1024 * 1024;
export const MAX_GROUPS = 1000;
/** Addresses in the pool of MAC addresses: sixteen bits of them. */
export const MAX_MACS_IN_POOL = 65_536;
export const MAX_GROUPS_PER_NODE = 64;
/**
 * Distributions that are remembered. For a new one the oldest that has finished is forgotten.
 */
export const MAX_DISTRIBUTIONS = 100;
/** Then whatever has not ended of a distribution is given up, for nodes that never come back: 24 h. */
export const DISTRIBUTION_LIMIT_MS = 24 * 3600 * 1000;
/** Saves that are remembered. For a new one the oldest that has ended is forgotten. */
export const MAX_SAVES = 100;
/** Layers of one image: each is another file that a guest reads through. */
export const MAX_IMAGE_LAYERS = 64;
/** Of an error that a node tells, so much is kept. */
export const MAX_ERROR_LENGTH = 1024;
/** Nodes that one command may name, or mean by a group or by naming none. */
export const MAX_NODES_PER_COMMAND = 10_000;
/** Labels, kinds of resources and tags of one node, or asked for by one VM. */
export const MAX_LABELS = 64;
export const MAX_RESOURCES = 64;
export const MAX_NODE_TAGS = 64;
export const MAX_LABEL_LENGTH = 256;
/** As Orka has it (orka.md §4.4). */
export const MAX_NODE_TAG_LENGTH = 63;
export const MAX_RESOURCE_AMOUNT = 2 ** 40;
export const MAX_USB_DEVICES = 256;
/** VLAN numbers end at 4094. */
export const MAX_VLANS = 4094;
export const MAX_DISK_BYTES = 2 ** 50;
/** More than this of a disk kept free would leave no room for any template. */
export const MAX_RESERVE_PERCENT = 95;
/** VMs that Apple's licence allows at once on one host with its chips. */
export const MAX_VMS_PER_APPLE_HOST = 2;
/** VMs on a host that nobody of Muster knows. */
export const MAX_UNKNOWN_VMS = 10_000;
/** Template versions that a node may name when it joins. */
export const MAX_CACHED_TEMPLATES = 2000;
/** No time limit of the operator is longer: 30 days. */
export const MAX_POLICY_MS = 30 * 24 * 3600 * 1000;
export const MAX_SCRIPT_TIMEOUT_MS = 24 * 3600 * 1000;
/** Attempts to start one VM, on whatever nodes, before it has failed for good. */
export const MAX_START_ATTEMPTS = 3;
/** Failed starts speak against a node as long as the last is not longer ago, ms. */
export const STRIKES_FADE_MS = 600_000;
/** Endpoints that events are sent to. */
export const MAX_WEBHOOKS = 1000;
/** Fields that one change may name. */
export const MAX_WEBHOOK_FIELDS = 32;
/** Timers that one `RunTimers` command may fire; the rest fire with the next. */
export const MAX_TIMERS_PER_COMMAND = 500;
/** What a recorded refusal says, in characters. */
export const MAX_REFUSAL_LENGTH = 512;
export const MAX_REFUSAL_SUBJECT_LENGTH = 256;
/** Commands whose outcome the cluster remembers, so that a repeated command finds its first outcome. */
export const MAX_REMEMBERED_COMMANDS = 65_536;
