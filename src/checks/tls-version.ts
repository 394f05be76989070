/** RFC 9325 §3.1.1: TLS 1.3 SHOULD and TLS 1.2 MUST be supported, and what is older MUST NOT be negotiated. */
export function isCurrent(version: string): boolean {
  return version === 'TLSv1.2' || version === 'TLSv1.3'
}
