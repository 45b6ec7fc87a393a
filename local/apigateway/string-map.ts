import { StrictProperties } from '../template/strict-properties';

/** A property that is a map of texts whose keys are the user's: content types, parameter names. Empty when absent. */
export function stringMap(properties: StrictProperties, name: string): Map<string, string> {
  const value = properties.json(name);
  if (value === undefined) return new Map();
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return properties.unsupported(name, 'anything but a map of texts');
  return new Map(Object.entries(value).map(([key, item]): [string, string] => {
    if (item === null || typeof item === 'object') return properties.unsupported(name, `an object for ${key}`);
    return [key, String(item)];
  }));
}
