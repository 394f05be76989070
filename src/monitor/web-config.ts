/** Who may ask, and over which TLS: a file in the form that the Prometheus exporters share (exporter-toolkit, `web.config.file`). */
import type { SecureContextOptions, TlsOptions } from 'node:tls'

export interface WebAccess {
  readonly tls: (SecureContextOptions & TlsOptions) | null
  /** Judges the Authorization header. */
  permits(authorization: string | undefined): Promise<boolean>
}
