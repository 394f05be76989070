/**
 * What a public RSA key gives away about its private one without any work: an exponent that does nothing, a modulus with a small
 * factor, and the trace of the generator that CVE-2017-15361 ("ROCA") is about. That one made its primes as
 * k·M + (65537^a mod M), M being the product of the first primes, so that modulo each of those the modulus is a power of 65537;
 * of other moduli one in two hundred million is.
 */
export type RsaWeakness =
  | { readonly kind: 'exponent' }
  | { readonly kind: 'factor'; readonly factor: number }
  | { readonly kind: 'roca' }

/** Below this, division finds a factor at once. */
const trialLimit = 1000
/** The largest of the 39 primes that make up M for the shortest keys; longer keys have more. */
const rocaLimit = 167

const primes = primesBelow(trialLimit)

/** Null when none of these shows; the key may be weak otherwise. `modulus` is hexadecimal, `exponent` decimal. */
export function weaknessOf({ modulus, exponent }: { readonly modulus: string; readonly exponent: string }): RsaWeakness | null {
  const n = BigInt(`0x${modulus || '0'}`)
  const e = BigInt(exponent)
  // Nothing has an inverse for an even exponent, and what is raised to 1 is its own signature.
  if (e <= 1n || e % 2n === 0n) return { kind: 'exponent' }
  const remainders = primes.map(prime => ({ prime, remainder: Number(n % BigInt(prime)) }))
  const factor = remainders.find(({ remainder }) => remainder === 0)
  if (factor) return { kind: 'factor', factor: factor.prime }
  return remainders.every(({ prime, remainder }) => prime > rocaLimit || powersOf65537(prime).has(remainder)) ? { kind: 'roca' } : null
}

const powers = new Map<number, ReadonlySet<number>>()

function powersOf65537(prime: number): ReadonlySet<number> {
  const known = powers.get(prime)
  if (known) return known
  const found = new Set<number>()
  for (let power = 1; !found.has(power); power = power * (65537 % prime) % prime) found.add(power)
  powers.set(prime, found)
  return found
}

function primesBelow(limit: number): number[] {
  const found: number[] = []
  for (let candidate = 2; candidate < limit; candidate++) {
    if (found.every(prime => candidate % prime !== 0)) found.push(candidate)
  }
  return found
}
