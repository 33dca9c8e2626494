/** Host and port from known_hosts' way of naming a server: `host`, or `[host]:port` where the port is not 22. */
export function sshServerOf(token: string): { host: string; port: number } {
  const match = /^\[(.*)\]:(\d+)$/.exec(token);
  return { host: match?.[1] ?? token, port: Number(match?.[2] ?? 22) };
}
