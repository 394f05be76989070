/** A network that takes time to come about, and does so when something is first asked of it. */
import type { Network } from './network.ts'

export function whenOpened(open: () => Promise<Network>): Network {
  let opened: Promise<Network> | undefined
  const network = (): Promise<Network> => (opened ??= open())
  return {
    query: async question => (await network()).query(question),
    connect: async (endpoint, options) => (await network()).connect(endpoint, options),
    fetch: async (url, request) => (await network()).fetch(url, request),
    now: () => new Date(),
  }
}
