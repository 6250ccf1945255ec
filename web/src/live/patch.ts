/**
 * JSON merge patches (RFC 7396): what the server sends after the first view.
 * The same cases test `meeting/protocol/patch.py` (tests/cases/merge_patch.json).
 */

type Json = Record<string, unknown>;

/** `target` after `patch`. `target` is left as it was; what did not change is the same object. */
export function apply<T extends object>(target: T, patch: Json): T {
  // Without a prototype a key is only ever a key, also one called "__proto__".
  const result: Json = Object.assign(Object.create(null) as Json, target);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(result, key);
    else if (isObject(value)) {
      const before = result[key];
      result[key] = apply(isObject(before) ? before : {}, value);
    } else result[key] = value;
  }
  return result as T;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
