/** Planned records as their source has them: before it is known what the live DNS holds. */
import type { DnsRecord, RecordType } from '../syntax/record.ts'
import type { PlanNote, PlannedPlace, SourceFormat } from './plan.ts'

export type PlannedEntry =
  /** One record of an RRset that takes the place of the live one. */
  | { readonly kind: 'set'; readonly record: DnsRecord; readonly place: PlannedPlace }
  /** One record more, or one fewer, in an RRset of which the source knows only this. */
  | { readonly kind: 'add' | 'drop'; readonly record: DnsRecord; readonly place: PlannedPlace }
  /** The RRset goes. */
  | { readonly kind: 'remove'; readonly name: string; readonly type: RecordType; readonly place: PlannedPlace }
  /** What the RRset will hold shows only when the plan is carried out. */
  | { readonly kind: 'unknown'; readonly name: string; readonly type: RecordType; readonly place: PlannedPlace }

/** What one file holds. With errors it is not used. */
export interface Reading {
  readonly format: SourceFormat
  readonly entries: readonly PlannedEntry[]
  readonly notes: readonly PlanNote[]
  readonly errors: readonly SourceError[]
}

export interface SourceError {
  readonly file: string
  /** From 1; 0 where the file as a whole is meant. */
  readonly line: number
  readonly column: number
  readonly message: string
}

export interface SourceOptions {
  /** How the file is called in what is said of it. */
  readonly file: string
  /** What relative names are relative to: the zone. */
  readonly origin: string
  /** The file is all there is of the zone, so that what it leaves as it is counts, too. */
  readonly complete: boolean
  /** The text of a file that this one includes, as an octet string. */
  readonly include?: (file: string, from: string | null) => { readonly file: string; readonly text: string } | { readonly error: string }
}
