/** What differs between the two instruction sets. */
export interface MachineType {
  name: string;
  /** Given to kernels whose template says nothing. */
  defaultCmdline: string;
  /** CPU under software emulation. */
  emulatedCpu: string;
  /** Kernel flags under software emulation. */
  emulationFlags: string;
}

/** The x86-64-v2 level, which today's distributions require; emulating later vector units costs every boot half a second. */
const X86_64_V2 = 'qemu64,+ssse3,+sse4.1,+sse4.2,+popcnt,+cx16,+lahf-lm';

/** Emulated clocks drift against each other, so calibrating one by another takes seconds or never ends; self-tests only cost time. */
const X86_FLAGS = 'no_timer_check lpj=4000000 tsc=unstable cryptomgr.notests';

export const MACHINES: Record<'amd64' | 'arm64', MachineType> = {
  amd64: {
    name: 'pc',
    defaultCmdline: 'console=ttyS0 root=/dev/vda quiet',
    emulatedCpu: X86_64_V2,
    emulationFlags: X86_FLAGS,
  },
  arm64: {
    name: 'virt',
    defaultCmdline: 'console=ttyAMA0 root=/dev/vda quiet',
    emulatedCpu: 'max',
    emulationFlags: 'cryptomgr.notests',
  },
};
