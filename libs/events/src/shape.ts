/** Says what is wrong with a value that came from outside, as `<path> must be …`, or undefined. */
export type Check = (value: unknown, path: string) => string | undefined;

/** One check for every field of T: a field without one does not compile. Fields that T does not know are let through. */
export type Fields<T> = { readonly [Field in keyof T]-?: Check };

export const text: Check = (value, path) => (typeof value === 'string' ? undefined : `${path} must be string`);
export const truth: Check = (value, path) => (typeof value === 'boolean' ? undefined : `${path} must be boolean`);
export const number: Check = (value, path) => (Number.isFinite(value) ? undefined : `${path} must be number`);

export function optional(check: Check): Check {
  return (value, path) => (value === undefined ? undefined : check(value, path));
}

export function nullable(check: Check): Check {
  return (value, path) => (value === null ? undefined : check(value, path));
}

/** What the last of them says, if none fits. */
export function either(first: Check, second: Check): Check {
  return (value, path) => (first(value, path) === undefined ? undefined : second(value, path));
}

export function oneOf(...allowed: readonly string[]): Check {
  return (value, path) => (allowed.includes(value as string) ? undefined : `${path} must be ${allowed.join(' or ')}`);
}

export function listOf(check: Check): Check {
  return (value, path) => {
    if (!Array.isArray(value)) return `${path} must be list`;
    for (let index = 0; index < value.length; index++) {
      const fault = check(value[index], `${path}[${index}]`);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };
}

export function record<T>(fields: Fields<T>): Check {
  const checks = Object.entries<Check>(fields);
  return (value, path) => {
    if (!isObject(value)) return `${path} must be object`;
    for (const [field, check] of checks) {
      const fault = check(value[field], `${path}.${field}`);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };
}

/** An object used as a dictionary. */
export function valuesOf(check: Check): Check {
  return (value, path) => {
    if (!isObject(value)) return `${path} must be object`;
    for (const [key, item] of Object.entries(value)) {
      const fault = check(item, `${path}.${key.slice(0, 64)}`);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };
}

export const scalar: Check = (value, path) =>
  typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
    ? undefined
    : `${path} must be string, number or boolean`;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
