/** Longest JSON line taken from QEMU or from the guest's agent, whose words are a stranger's. */
export const MAX_LINE_BYTES = 1024 * 1024;
/** Longest script handed to a guest. */
export const MAX_SCRIPT_BYTES = 1024 * 1024;
/** Serial and QEMU logs are cut to {@link LOG_TAIL_BYTES} when they pass this, whenever the driver looks at the VM. */
export const MAX_LOG_BYTES = 1024 * 1024;
export const LOG_TAIL_BYTES = 64 * 1024;
/** Longest that QEMU may take from its start to its first word on the monitor. */
export const MONITOR_DEADLINE_MS = 15_000;
export const MONITOR_COMMAND_MS = 5000;
/** Longest wait for one answer of the guest's agent. */
export const AGENT_COMMAND_MS = 10_000;
export const AGENT_SYNC_MS = 500;
/** How long QEMU may take to obey `quit`, and the kernel to end a killed process. */
export const QUIT_DEADLINE_MS = 3000;
export const KILL_DEADLINE_MS = 10_000;
export const BOOT_PROBE_DEADLINE_MS = 10_000;
/** Different host ports tried when QEMU finds the chosen ones taken. */
export const MAX_PORT_ATTEMPTS = 20;
/** From here on the kernel hands out ports for outgoing connections. */
export const LAST_PORT = 32_767;
/** A VM does not start when its disk's file system has less room than this. */
export const DISK_RESERVE_BYTES = 256 * 1024 * 1024;
/** The fence is put up again at this interval, in case somebody flushed the host's rules. */
export const FENCE_INTERVAL_MS = 30_000;
