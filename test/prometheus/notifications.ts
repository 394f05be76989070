/** Whom Alertmanager tells: the last word about every alert, and a promise for a word that is still to come. */
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

export interface Alert {
  readonly status: 'firing' | 'resolved'
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

export interface Notifications {
  readonly url: string
  /** All that was ever told, in order. */
  readonly told: readonly Alert[]
  /** Settles when this has been told, from the first notification on. */
  heard(status: Alert['status'], name: string, domain: string): Promise<Alert>
  close(): Promise<void>
}

export async function receiveNotifications(): Promise<Notifications> {
  const told: Alert[] = []
  const waiting = new Set<() => void>()
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text)).on('end', () => {
      told.push(...(JSON.parse(body) as { alerts: Alert[] }).alerts)
      for (const look of waiting) look()
      response.end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    told,
    heard: (status, name, domain) => new Promise(resolve => {
      const look = (): void => {
        const found = told.findLast(({ labels }) => labels['alertname'] === name && labels['domain'] === domain)
        if (found?.status !== status) return
        waiting.delete(look)
        resolve(found)
      }
      waiting.add(look)
      look()
    }),
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
