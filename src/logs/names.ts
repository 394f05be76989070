/**
 * Users and addresses as they are shown: hidden behind a word that is the same for the same one within a run, and that nobody
 * can turn back without the salt of that run; or as they are, for who asked for it.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { networkOf } from './network-of.ts'

export interface Names {
  readonly shown: boolean
  readonly account: (name: string) => string
  readonly address: (address: string) => string
}

export const plainNames: Names = { shown: true, account: name => name, address: address => address }

export function hiddenNames(salt: Buffer = randomBytes(32)): Names {
  const hidden = (kind: string, value: string): string => `${kind}-${createHmac('sha256', salt).update(`${kind} ${value}`, 'latin1').digest('hex').slice(0, 10)}`
  // a person who logs in as joe@example.com writes as Joe@Example.com; a source and the addresses that it comes from are one
  return { shown: false, account: name => hidden('user', name.toLowerCase()), address: address => hidden('addr', networkOf(address).toLowerCase()) }
}
