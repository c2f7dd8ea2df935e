/** The processes that read settings; `start` is the command that runs all of them on one machine. */
export type AppName = 'api' | 'scheduler' | 'node-agent' | 'start';

/**
 * How the text of a setting is read:
 * - `string`, `path`: as it stands;
 * - `url`: an absolute URL with one of the setting's protocols; never printed, as it may carry a password;
 * - `secret`: the same, or any text where the setting names no protocols; never printed;
 * - `integer` and `fraction`: within the bounds of the setting, both included;
 * - `boolean`: true or false;
 * - `duration`: Go style (`1m30s`, `500ms`), read as milliseconds;
 * - `age`: the same without that limit, and with days (`90d`), as no timer runs for it; at least 10 seconds;
 * - `listen`: `host:port`, or `:port` for every interface; port 0 takes a free one;
 * - `enum`: one of the setting's values.
 */
export type SettingKind =
  'string' | 'path' | 'secret' | 'url' | 'integer' | 'fraction' | 'boolean' | 'duration' | 'age' | 'listen' | 'enum';

/** One environment variable of the product: who reads it, how, and what it means. */
export interface Setting {
  readonly name: `MUSTER_${string}` | `ANKA_${string}`;
  /** Other names for the same thing; the own name wins when both are set. */
  readonly aliases?: readonly string[];
  readonly apps: readonly AppName[];
  readonly kind: SettingKind;
  /** As it would stand in the environment. Absent: unset means `undefined`, and the meaning says what follows from it. */
  readonly default?: string;
  /** The values of an `enum`. */
  readonly values?: readonly string[];
  /** The protocols of a `url` or a `secret`, without colon. */
  readonly protocols?: readonly string[];
  /** Bounds of an `integer` or a `fraction`, both included. */
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly meaning: string;
}

/** An address to listen on. Port 0 takes a free one. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}
