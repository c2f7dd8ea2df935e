import { arch, cpus, totalmem } from 'node:os';

const MIB = 1024 * 1024;

/** What this host has, all of it. */
export function hostSize(): { arch: string; cpuCount: number; memoryMiB: number } {
  return { arch: arch(), cpuCount: cpus().length, memoryMiB: Math.floor(totalmem() / MIB) };
}
