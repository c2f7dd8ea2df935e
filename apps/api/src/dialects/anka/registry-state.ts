import type { ListenAddress } from '#events';
import type { DoorRequest } from '../../shell/request-context.js';
import { ownUrl } from './own-url.js';

/** The listener of the registry's own routes, as far as others must know it. */
export interface RegistryListener {
  /** Undefined while it does not listen. */
  readonly address: ListenAddress | undefined;
  readonly scheme: 'http' | 'https';
}

const EVERY_INTERFACE: readonly string[] = ['0.0.0.0', '::'];

/** What the controller says about the registry. */
export class RegistryState {
  constructor(
    /** URL that an operator wants to be shown. */
    private readonly configured: string | undefined,
    /** Undefined: the registry's own routes are not served here. */
    private readonly listener: RegistryListener | undefined,
  ) {}

  /** Where the client that asks finds the registry; never empty. While nobody serves it, that is here. */
  addressFor(request: DoorRequest): string {
    if (this.configured !== undefined) return this.configured;
    const own = ownUrl(request);
    const listens = this.listener?.address;
    if (listens === undefined) return own;
    const url = new URL(own);
    if (!EVERY_INTERFACE.includes(listens.host)) url.hostname = bracketed(listens.host);
    return `${this.listener?.scheme ?? 'http'}://${url.hostname}:${listens.port}`;
  }

  /** Whether its routes answer. One that somebody else runs is believed to. */
  get isRunning(): boolean {
    return this.listener === undefined || this.listener.address !== undefined;
  }
}

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);
