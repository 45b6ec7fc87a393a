import { createCA, createCert } from 'mkcert';

export interface Certificates {
  /** What clients must trust: `NODE_EXTRA_CA_CERTS`. */
  readonly caPem: string;
  readonly certPem: string;
  readonly keyPem: string;
}

/** A certificate for these host names and addresses, and the authority that signed it; both live a year of real time. */
export async function createCertificates(options: { readonly hosts: readonly string[] }): Promise<Certificates> {
  const ca = await createCA({ organization: 'Local cloud', countryCode: 'XX', state: 'Local', locality: 'Local', validity: 365 });
  const { cert, key } = await createCert({ ca, domains: [...options.hosts], validity: 365 });
  return { caPem: ca.cert, certPem: cert, keyPem: key };
}
