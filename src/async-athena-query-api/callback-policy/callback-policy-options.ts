/** Options of `CallbackPolicy.hosts`. */
export interface CallbackHostsOptions {
  /**
   * Hosts that may be called back, such as `hooks.example.com`. `*.example.com` stands for every subdomain of `example.com`, not for itself.
   */
  readonly hosts: string[];
}
