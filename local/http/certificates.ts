import { createCA, createCert } from 'mkcert';

export interface Certificates {
  /** What clients must trust: `NODE_EXTRA_CA_CERTS`. */
  readonly caPem: string;
  readonly certPem: string;
  readonly keyPem: string;
}

const made = new Map<string, Promise<Certificates>>();

/** A certificate for these host names and addresses, and the authority that signed it; both live a year of real time. A process makes them once. */
export async function createCertificates({ hosts }: { readonly hosts: readonly string[] }): Promise<Certificates> {
  const key = hosts.join(' ');
  const certificates = made.get(key) ?? makeCertificates(hosts);
  made.set(key, certificates);
  // A failure is not kept.
  certificates.catch(() => made.delete(key));
  return certificates;
}

async function makeCertificates(hosts: readonly string[]): Promise<Certificates> {
  const ca = await createCA({ organization: 'Local cloud', countryCode: 'XX', state: 'Local', locality: 'Local', validity: 365 });
  const { cert, key } = await createCert({ ca, domains: [...hosts], validity: 365 });
  return { caPem: ca.cert, certPem: cert, keyPem: key };
}
