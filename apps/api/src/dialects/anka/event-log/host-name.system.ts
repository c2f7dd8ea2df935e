import { hostname } from 'node:os';

/** The name of this machine, as it stands in the records of the event log. */
export const machineName = (): string => hostname();
