/** What makes two requests the same request: the keys under which answers are shared, recorded and replayed. */
import type { Endpoint, HttpRequest, Question } from './network.ts'

/** The whole question: another server, transport or CD bit may get another answer. */
export function questionKey({ name, type, server, transport, checkingDisabled }: Question): string {
  return [`${name}.`, type, server ? `@${server}` : '', transport ?? '', checkingDisabled ? 'cd' : ''].filter(Boolean).join(' ')
}

/** Method, URL, headers and body; limits and addresses are ours and change nothing that the server sees. */
export function requestKey(url: string, request: HttpRequest = {}): string {
  const headers = Object.entries(request.headers ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([request.method ?? 'GET', url, headers, request.body ?? ''])
}

/** Host, address, port, TLS mode, and what it is for unless it is the one dialogue: what a session is recorded under. */
export function endpointKey({ host, address, port, tls }: Endpoint, purpose?: string): string {
  return `${host}[${address}]:${port} ${tls}${purpose === undefined ? '' : ` for ${purpose}`}`
}
