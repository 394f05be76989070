/** What the planned records change for those who send and receive mail, beyond what fails. */
import type { PlannedPlace } from './plan.ts'

/** Addresses as text: sizes go beyond what JSON's numbers hold. */
export interface AddressesChanged {
  readonly addresses: string
  readonly ranges: readonly string[]
}

export interface SpfMeaning {
  /** Whom the record comes to pass, and whom it ceases to. */
  readonly gained: { readonly ipv4: AddressesChanged; readonly ipv6: AddressesChanged }
  readonly lost: { readonly ipv4: AddressesChanged; readonly ipv6: AddressesChanged }
  /** Why that is not all that can be said: terms that depend on the message, records that could not be read. */
  readonly doubts: readonly string[]
  readonly causes: readonly PlannedPlace[]
}

/** A declared sender whose mail passes DMARC before and not after, or the other way round. */
export interface AlignmentMeaning {
  readonly sender: string
  readonly before: 'aligned' | 'not-aligned' | 'unknown'
  readonly after: 'aligned' | 'not-aligned' | 'unknown'
  /** By what: "SPF of bounce.example.com". */
  readonly because: string
  readonly causes: readonly PlannedPlace[]
}

/** An MX host that a policy or a TLSA record covered, or would cover, and that it does not after the change. */
export interface UncoveredMeaning {
  readonly host: string
  readonly by: 'mta-sts' | 'tlsa'
  readonly detail: string
  readonly causes: readonly PlannedPlace[]
}

export interface SelectorMeaning {
  /** `s1._domainkey.example.com` */
  readonly name: string
  readonly change: 'vanishes' | 'appears' | 'changes'
  readonly causes: readonly PlannedPlace[]
}

/** A record that goes on pointing at a name from which the plan takes what it points at. */
export interface DanglingMeaning {
  readonly name: string
  readonly type: string
  readonly text: string
  readonly target: string
  readonly causes: readonly PlannedPlace[]
}

export interface PlanMeaning {
  /** Null when SPF passes the same addresses as before. */
  readonly spf: SpfMeaning | null
  readonly alignment: readonly AlignmentMeaning[]
  readonly uncovered: readonly UncoveredMeaning[]
  readonly selectors: readonly SelectorMeaning[]
  readonly dangling: readonly DanglingMeaning[]
}
