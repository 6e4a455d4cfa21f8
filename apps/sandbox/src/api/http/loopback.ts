/** Names and addresses that only ever mean this machine. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i;

/**
 * The sandbox asks nobody for a name or password, so it must not be reachable from elsewhere: neither by its address
 * nor through a browser on this machine that was led here by a foreign name.
 */
export function isLoopbackHost(host: string | undefined): boolean {
  return host !== undefined && (LOOPBACK.test(host) || LOOPBACK.test(host.replace(/:\d+$/, '')));
}
