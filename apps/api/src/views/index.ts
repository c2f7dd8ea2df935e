export * from './access-view.js';
export * from './distribution-view.js';
export * from './group-view.js';
export * from './mac-pool-view.js';
export * from './node-view.js';
export * from './small-view.js';
export * from './template-view.js';
export * from './vm-view.js';
