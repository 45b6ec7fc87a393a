/** Options of `CallbackPolicy.hosts`. */
export interface CallbackHostsOptions {
  /**
   * Hosts that may be called back, such as `hooks.example.com`. `*.example.com` stands for every subdomain of `example.com`, not for itself.
   */
  readonly hosts: string[];

  /**
   * Private addresses that these hosts may have beside public ones: ranges in CIDR notation, such as `10.20.0.0/16`, each within `10.0.0.0/8`, `172.16.0.0/12`,
   * `192.168.0.0/16`, `100.64.0.0/10` or `fc00::/7`. Needs `deliveryNetwork`. Hosts and ranges together may have up to 2,500 characters.
   *
   * List only the ranges that your receivers are in: whoever sets the addresses of a listed name can point it at anything there. Loopback and link-local addresses,
   * and those of the metadata service, are refused always.
   *
   * @default - none: a host with a private address is refused
   */
  readonly privateAddresses?: string[];
}
