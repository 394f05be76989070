/** How long a registration lasts. Registries count in days, and take weeks until a name is gone: but mail stops on the day. */
import type { RegistrationFacts } from '../probes/registration.ts'
import { fail, passed, unknown, unknownBecause, type Evidence, type Fail, type Pass, type Unknown } from './define.ts'

const day = 24 * 3_600_000

interface RegistrationArgs {
  readonly domain: string
  readonly date: string
  readonly days: number
}

/** Are at least `days` left at `now` (RFC 3339)? */
export function judgeRegistration(
  { name, url, registration }: RegistrationFacts, now: string, days: number,
): Pass | Unknown | Fail<'failed', RegistrationArgs> | Fail<'lapsed', RegistrationArgs> {
  if ('problem' in registration) return unknownBecause(registration.problem)
  if (!registration.value) return unknown('registry-silent', `the registry knows no registration of ${name}`)
  const { expirations, garbled } = registration.value
  const [date, ...more] = expirations
  if (date === undefined) {
    return unknown('registry-silent', garbled ? `the registry says that ${name} ends at a time that cannot be read` : `the registry does not say when the registration of ${name} ends`)
  }
  if (more.length > 0 || garbled) return unknown('registry-silent', `the registry names several ends of the registration of ${name}`)
  const left = Date.parse(date) - Date.parse(now)
  const seen: Evidence = { from: 'https', url: url ?? '', line: `expiration ${date}` }
  if (left >= days * day) return passed(seen)
  if (left < 0) return fail('lapsed', { domain: name, date, days: Math.floor(-left / day) }, seen)
  return fail('failed', { domain: name, date, days: Math.floor(left / day) }, seen)
}

/** RFC 3339; null while that cannot be told. */
export function endOfRegistration(facts: RegistrationFacts | undefined): string | null {
  const registration = facts && 'value' in facts.registration ? facts.registration.value : null
  const [date, ...more] = registration?.expirations ?? []
  return date === undefined || more.length > 0 || registration?.garbled ? null : date
}

/** Whom to turn to. */
export function registrarOf({ registration }: RegistrationFacts): string {
  return ('value' in registration ? registration.value?.registrar : null) ?? 'the registrar'
}
