import type { Failure } from '../../network/network.ts'
import type { CheckedAnswer } from '../../probes/dnssec.ts'
import { extendedErrorName, meansBogus } from '../../syntax/extended-error.ts'
import { defineCheck, fail, passed, skip, unknown, unknownBecause, type Evidence } from '../define.ts'
import { recordSeen } from '../evidence.ts'
import { mailZones, noZones } from '../mail-zones.ts'

export default defineCheck({
  id: 'dnssec/chain-valid',
  title: 'What the zone says about mail stands up to validation',
  severity: 'critical',
  question: 'receive',
  rfc: ['RFC 4035 §5'],
  needs: ['zones', 'dnssec'],
  uses: ['clock'],
  ...mailZones,
  nothing: noZones,
  judge({ name: zone, hosts, holdsDomain }, { dnssec: { ds, answers }, clock }, { domain }) {
    // Nothing can be bogus where the parent says, and is believed, that there is no key.
    if ('value' in ds && ds.value.records.length === 0 && ds.value.question.checkingDisabled !== true) return skip('the zone is not signed')
    const refused = answers.flatMap(one => 'problem' in one.answer && one.unchecked && 'value' in one.unchecked
      ? [{ ...one, problem: one.answer.problem, data: one.unchecked.value }] : []).filter(({ data }) => data.records.length > 0)
    const bogus = refused.filter(({ problem, data }) => data.adTrusted && isConfirmed(problem))
    const [first] = bogus
    if (first) {
      if ('problem' in clock) return unknownBecause(clock.problem) // a resolver on this machine goes by the same one
      const codes = [...new Set((first.problem.extendedErrors ?? []).map(({ code }) => extendedErrorName(code)))]
      const seen = bogus.flatMap(({ name, type, problem, data }): Evidence[] =>
        [{ from: 'dns', name, type, text: `(${problem.detail})`, ttl: null }, ...data.records.slice(0, 1).map(recordSeen)])
      const args = { name: first.name, type: first.type, ede: codes.length > 0 ? codes : ['no extended error'], count: bogus.length }
      return { ...fail('failed', args, ...seen), about: [zone, ...hosts, ...(holdsDomain ? [domain] : [])] }
    }
    const untrusted = refused.find(({ data }) => !data.adTrusted)
    if (untrusted) return unknown('ad-untrusted', `${untrusted.problem.detail} for ${untrusted.name} ${untrusted.type}, but has the data unchecked: it may have failed validation`)
    const problem = problemOf(answers)
    if (problem) return unknownBecause(problem)
    if ('problem' in ds) return unknownBecause(ds.problem)
    const values = answers.flatMap(({ answer }) => 'value' in answer ? [answer.value] : [])
    const secure = values.find(value => value.secure)
    if (secure) return passed(...ds.value.records.map(recordSeen))
    return values.some(value => value.adTrusted) ? unknown('ad-untrusted', 'the resolver does not say that it validated anything') : unknown('ad-untrusted')
  },
  messages: {
    failed: '{name} {type} is bogus ({ede}): validating senders see no mail server',
  },
  explain: `The signatures do not match the key that the parent vouches for, or are missing or out of date. Resolvers that validate, the
    large public ones among them, answer with an error: to their users the domain does not exist.`,
  remedy: ({ name: zone }) => ({
    text: `Sign ${zone} again with its present key, and see that the DS record at the registrar is of that key. If that takes long, have the DS record removed first.`,
  }),
})

/** The resolver says that it was validation, or a second one agrees, or there is no other to ask. */
function isConfirmed({ extendedErrors = [], resolvers }: Failure): boolean {
  return extendedErrors.some(({ code }) => meansBogus(code)) || resolvers === undefined || resolvers.servfail > 1
}

/** Where there is nothing, nothing is hidden: that a denial fails is for another claim. */
function problemOf(answers: readonly CheckedAnswer[]): Failure | null {
  const failed = answers.find(({ answer, unchecked }) => 'problem' in answer && !(unchecked && 'value' in unchecked))
  return failed && 'problem' in failed.answer ? failed.answer.problem : null
}
