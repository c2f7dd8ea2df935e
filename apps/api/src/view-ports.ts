import {
  NarrowedDistributions,
  NarrowedImages,
  NarrowedNodes,
  NarrowedTemplates,
  NarrowedVms,
} from './auth/narrowed-views.js';
import { currentReach } from './auth/reach.system.js';
import {
  ACCESS_VIEW,
  DISTRIBUTION_VIEW,
  GROUP_VIEW,
  IMAGE_VIEW,
  MAC_POOL_VIEW,
  NODE_VIEW,
  TEMPLATE_VIEW,
  VM_VIEW,
} from './tokens.js';
import type {
  AccessView,
  DistributionView,
  GroupView,
  ImageView,
  MacPoolView,
  NodeView,
  TemplateView,
  VmView,
} from './views/index.js';

export interface Views {
  readonly vms: VmView;
  readonly nodes: NodeView;
  readonly templates: TemplateView;
  readonly access: AccessView;
  readonly groups: GroupView;
  readonly distributions: DistributionView;
  readonly macPool: MacPoolView;
  readonly images: ImageView;
}

/** The views under their tokens, each narrowed to what its caller may see: the doors of the product and of its tests get the same. */
export const viewPorts = (views: Views) => [
  { provide: VM_VIEW, useValue: new NarrowedVms(views.vms, currentReach) },
  { provide: NODE_VIEW, useValue: new NarrowedNodes(views.nodes, currentReach) },
  { provide: TEMPLATE_VIEW, useValue: new NarrowedTemplates(views.templates, currentReach) },
  { provide: DISTRIBUTION_VIEW, useValue: new NarrowedDistributions(views.distributions, currentReach) },
  { provide: IMAGE_VIEW, useValue: new NarrowedImages(views.images, currentReach) },
  { provide: GROUP_VIEW, useValue: views.groups },
  { provide: MAC_POOL_VIEW, useValue: views.macPool },
  { provide: ACCESS_VIEW, useValue: views.access },
];
