/** What people type to come in: the host, and the port where it is not the usual one. Pure. */
export function typedAddress(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}
