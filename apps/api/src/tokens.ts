/**
 * Injection tokens of the ports, by which doors ask for what they need: `@Inject(VM_VIEW) private readonly vms: VmView`. Classes of
 * our own (`Ask`, `NodeVitals`, `ErrorAnswers`) are their own tokens.
 */
export const VM_VIEW = Symbol('VmView');
export const NODE_VIEW = Symbol('NodeView');
export const TEMPLATE_VIEW = Symbol('TemplateView');
export const ACCESS_VIEW = Symbol('AccessView');
export const GROUP_VIEW = Symbol('GroupView');
export const MAC_POOL_VIEW = Symbol('MacPoolView');
export const DISTRIBUTION_VIEW = Symbol('DistributionView');
export const IMAGE_VIEW = Symbol('ImageView');
/** The port that reads archived events. */
export const ARCHIVE = Symbol('Archive');
export const BLOB_STORE = Symbol('BlobStore');
export const CLOCK = Symbol('Clock');
export const LOG = Symbol('Log');
/** The central logs. */
export const CENTRAL_LOG = Symbol('CentralLog');
/** The listener of the registry's own routes; undefined when they are not served. */
export const REGISTRY_LISTENER = Symbol('RegistryListener');
