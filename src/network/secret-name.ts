/**
 * Names with a secret in them: block lists give each subscriber a label of their own, and whoever reads it can ask in their
 * name. Everywhere in here the label is `***`; only the question that leaves has the real one.
 */
import type { RecordType } from '../syntax/record.ts'
import { NetworkFailure, type Answer, type Network, type Question } from './network.ts'

const mask = '***'

/** Puts the secret in, asks, and takes it out of whatever comes back. */
export async function queryWithSecret<T extends RecordType>(network: Pick<Network, 'query'>, question: Question<T>): Promise<Answer<T>> {
  const { secret, ...shown } = question
  if (secret === undefined) return network.query(question)
  const label = secret.toLowerCase()
  const masked = <V>(value: V): V => without(value, new RegExp(secret.replace(/[^\w-]/g, '\\$&'), 'gi'))
  try {
    return { ...masked(await network.query({ ...shown, name: shown.name.replace(mask, () => label) })), question: shown }
  } catch (error) {
    if (error instanceof NetworkFailure) throw new NetworkFailure(masked(error.toJSON()))
    throw error
  }
}

/** The same value, masked in every text of it, however it is spelled there. */
function without<V>(value: V, secret: RegExp): V {
  if (typeof value === 'string') return value.replace(secret, mask) as V
  if (Array.isArray(value)) return value.map(item => without<unknown>(item, secret)) as V
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, without<unknown>(item, secret)])) as V
}

/** The question as it may be recorded and shown. */
export function withoutSecret<T extends RecordType>(question: Question<T>): Question<T> {
  const shown: { -readonly [K in keyof Question<T>]: Question<T>[K] } = { ...question }
  delete shown.secret
  return shown
}
