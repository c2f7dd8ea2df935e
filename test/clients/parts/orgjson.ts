import { isObject, parsed, Rejected, shown } from './rejected.js';

/** The strictness of org.json: a `get` throws for a key that is missing, null or of another type; an `opt` never throws. */
export class JsonObject {
  private constructor(
    private readonly held: Readonly<Record<string, unknown>>,
    private readonly at: string,
  ) {}

  static parse(text: string): JsonObject {
    return JsonObject.of(parsed(text), 'answer');
  }

  static of(value: unknown, at: string): JsonObject {
    if (!isObject(value)) throw new Rejected(at, `${shown(value)} is not a JSONObject`);
    return new JsonObject(value, at);
  }

  /** True for a key with null, too. */
  has(key: string): boolean {
    return Object.hasOwn(this.held, key);
  }

  isNull(key: string): boolean {
    return this.held[key] === undefined || this.held[key] === null;
  }

  /** `getString`. */
  strictText(key: string): string {
    const value = this.present(key);
    if (typeof value !== 'string') throw new Rejected(this.path(key), `${shown(value)} is not a string`);
    return value;
  }

  /** `optString`: what is no text becomes one, nothing and null the fallback. */
  lenientText(key: string, fallback = ''): string {
    const value = this.held[key];
    if (this.isNull(key)) return fallback;
    return typeof value === 'string' ? value : JSON.stringify(value);
  }

  /** `getInt`: a number in a string will do. */
  strictInteger(key: string): number {
    const value = this.present(key);
    const number = typeof value === 'string' ? Number.parseInt(value, 10) : value;
    if (typeof number !== 'number' || Number.isNaN(number)) {
      throw new Rejected(this.path(key), `${shown(value)} is not an int`);
    }
    return Math.trunc(number);
  }

  /** `optInt`. */
  lenientInteger(key: string): number {
    const number = Number(this.held[key]);
    return Number.isNaN(number) ? 0 : Math.trunc(number);
  }

  /** `getJSONObject`. */
  object(key: string): JsonObject {
    return JsonObject.of(this.present(key), this.path(key));
  }

  /** `optJSONObject`. */
  lenientObject(key: string): JsonObject | undefined {
    const value = this.held[key];
    return isObject(value) ? new JsonObject(value, this.path(key)) : undefined;
  }

  /** The elements of `getJSONArray`, each taken as an object. */
  objects(key: string): JsonObject[] {
    return this.array(key).map((element, index) => JsonObject.of(element, `${this.path(key)}[${index}]`));
  }

  /** `getJSONArray`. */
  array(key: string): readonly unknown[] {
    const value = this.present(key);
    if (!Array.isArray(value)) throw new Rejected(this.path(key), `${shown(value)} is not a JSONArray`);
    return value as unknown[];
  }

  private present(key: string): unknown {
    const value = this.held[key];
    if (value === undefined) throw new Rejected(this.path(key), 'not found');
    return value;
  }

  private path(key: string): string {
    return `${this.at}.${key}`;
  }
}
