/**
 * The answer to one question once a plan is carried out, worked out from what the DNS answers now (RFC 1034 §4.3.2, RFC 4592):
 * name by name along the aliases, each as the plan has it or, where the plan leaves it alone, as it is.
 */
import { isWithin, labelsOf, parentName } from '../syntax/name.ts'
import { makeRecord, type DnsRecord, type RecordType } from '../syntax/record.ts'
import { NetworkFailure, outcome, type Answer, type Failure, type Network, type Outcome, type Question } from './network.ts'
import { targetOf, type PlannedSets } from './planned-sets.ts'

/** What resolvers do, too: a longer chain of aliases is taken for a loop. */
const longestChain = 8
/** How far up a zone or a wildcard is looked for. */
const mostSteps = 10
/** Types that a name may keep when others are removed from it. */
const usualTypes = ['A', 'AAAA', 'MX', 'TXT', 'NS', 'SOA', 'SRV', 'CAA', 'TLSA'] as const
/** A label that nobody chose: below a name that exists it does not, and a wildcard that answers for the one answers for both. */
const nobody = 'mailcheck-overlay-absent'

/** Is told of every RRset in which the plan makes a difference to an answer. */
export type OnDifference = (name: string, type: RecordType) => void

/** What is asked with a plan over the network. */
export function overlaid(network: Network, sets: PlannedSets, onDifference: OnDifference = () => undefined): Pick<Network, 'query'> {
  return {
    query: async question => {
      if (question.secret !== undefined) return network.query(question) // nobody plans records for a name with a key in it
      return new Resolution(network, sets, question, onDifference).answer() as Promise<Answer<typeof question.type>>
    },
  }
}

/** What stands at one name, or where it leads. `live`: the answer as it came, when the plan changes nothing in it. */
interface Step {
  readonly rcode: 'NOERROR' | 'NXDOMAIN'
  readonly records: readonly DnsRecord[]
  readonly alias?: DnsRecord<'CNAME'>
  readonly live?: Answer
}

/** One question. */
class Resolution {
  readonly #network: Network
  readonly #sets: PlannedSets
  readonly #question: Question
  readonly #onDifference: OnDifference

  constructor(network: Network, sets: PlannedSets, question: Question, onDifference: OnDifference) {
    this.#network = network
    this.#sets = sets
    this.#question = question
    this.#onDifference = onDifference
  }

  async answer(): Promise<Answer> {
    const question = this.#question
    const { name: first, type, server } = question
    const direct = server === undefined ? null : await this.#direct(server)
    // A server that does not know the zone will not for the plan; one above it goes on referring.
    if (direct?.authoritative === false) return direct
    const aliases: DnsRecord<'CNAME'>[] = []
    let changed = false
    for (let name = first; ;) {
      let step: Step
      try {
        step = await this.#step(name, type)
      } catch (error) {
        // An alias that leaves a server's zones is not its to follow.
        if (direct && name !== first && error instanceof NetworkFailure && error.reason !== 'planned') return await this.#made({ rcode: 'NOERROR', records: [] }, aliases, direct)
        throw error
      }
      const { live, alias } = step
      changed ||= !live
      if (!live) this.#tell(name, type, step)
      if (live && direct && name !== first && !live.authoritative) return await this.#made({ rcode: 'NOERROR', records: [] }, aliases, direct)
      if (live) {
        const at = live.aliases.findIndex(({ data }) => this.#sets.touches(data.target))
        if (at < 0) return changed ? await this.#made(step, aliases, direct) : name === first ? live : await this.#live(first, type)
        aliases.push(...live.aliases.slice(0, at + 1))
      } else if (alias) aliases.push(alias)
      else return await this.#made(step, aliases, direct)
      if (aliases.length > longestChain) {
        throw new NetworkFailure({ event: 'rcode', reason: 'dns-servfail', detail: `with the planned records, the aliases of ${first} lead on and on` })
      }
      name = aliases.at(-1)?.data.target ?? name
    }
  }

  /** The set of the plan that made this step: that of the question, the alias in its place, or the wildcard's. */
  #tell(name: string, type: RecordType, { alias, records }: Step): void {
    const sets = this.#sets
    const wanted = alias ? ['CNAME'] as const : records.length > 0 ? [type] : [type, 'CNAME'] as const
    const at = [name, ...sets.wildcardsAbove(name)].flatMap(owner => wanted.filter(one => sets.at(owner, one) !== undefined).map(one => [owner, one] as const))[0]
    if (at) this.#onDifference(...at)
    else if (sets.completeZoneOf(name, type) !== null) this.#onDifference(name, type)
  }

  #notKnownYet(name: string, type: RecordType): NetworkFailure {
    this.#onDifference(name, type)
    return planned(`what ${name} ${type} will hold is known only after the plan is applied`)
  }

  async #direct(server: string): Promise<Answer> {
    const answer = await outcome(this.#network.query(this.#question))
    if ('value' in answer && answer.value.authoritative) return answer.value
    const host = await this.#newServerAt(server)
    if (host !== null) throw planned(`${host} (${server}) is a name server only by the plan, and does not know the zone yet`)
    return settled(answer)
  }

  /** The name server that only the plan names, and that has this address. */
  async #newServerAt(address: string): Promise<string | null> {
    for (const host of this.#sets.targetsOf('NS')) {
      if (!await isNewHost(this.#network, this.#sets, host)) continue
      const found = await outcome(overlaid(this.#network, this.#sets).query({ name: host, type: address.includes(':') ? 'AAAA' : 'A' }))
      if ('value' in found && found.value.records.some(({ data }) => data.address === address)) return host
    }
    return null
  }

  async #step(name: string, type: RecordType): Promise<Step> {
    const sets = this.#sets
    if (!sets.touches(name)) return this.#asItIs(name, type)
    const zone = sets.completeZoneOf(name, type)
    if (zone !== null) {
      const step = sets.lookUp(name, type, zone)
      if (step === null) throw this.#notKnownYet(name, type)
      return this.#unlessAsItIs(step, name, type)
    }
    const own = sets.at(name, type)
    const alias = type === 'CNAME' ? undefined : sets.at(name, 'CNAME')
    if (own === null || (alias === null && own === undefined)) throw this.#notKnownYet(name, own === null ? type : 'CNAME')
    if (own && own.length > 0) return this.#unlessAsItIs({ rcode: 'NOERROR', records: own }, name, type)
    if (alias && alias.length > 0) return this.#unlessAsItIs({ rcode: 'NOERROR', records: [], alias: alias[0] as DnsRecord<'CNAME'> }, name, type)

    const live = await this.#live(name, type)
    const here = live.aliases[0]?.name === name ? 'alias' : live.records.length > 0 ? 'records' : null
    if (here === null) return this.#absent(name, type, live)
    const removed = (here === 'records' && own !== undefined) || (here === 'alias' && (alias ?? (type === 'CNAME' ? own : undefined)) !== undefined)
    if (!removed && !sets.exists(name) && !sets.hasWildcardAbove(name)) return { rcode: live.rcode, records: live.records, live }
    if (await this.#isSynthesised(name, type, live)) {
      return sets.exists(name) ? { rcode: 'NOERROR', records: [] } : unlessSame(await this.#synthesise(name, type), live)
    }
    if (!removed) return { rcode: live.rcode, records: live.records, live }
    return await this.#stays(name) ? { rcode: 'NOERROR', records: [] } : this.#synthesise(name, type)
  }

  /** A zone file says most of what is there already, and that is no change; a name server also tells when only the TTL is. */
  async #unlessAsItIs(step: Step, name: string, type: RecordType): Promise<Step> {
    const live = await this.#aside(name, type)
    if (!live) return step
    const same = unlessSame(step, live)
    const retimed = this.#question.server !== undefined && live.aliases.length === 0 && step.records.some((record, i) => record.ttl !== live.records[i]?.ttl)
    return same.live && retimed ? step : same
  }

  async #asItIs(name: string, type: RecordType): Promise<Step> {
    const live = await this.#live(name, type)
    return { rcode: live.rcode, records: live.records, live }
  }

  /** The live DNS has nothing here, and the plan neither; it may still make the name exist, or a wildcard answer for it. */
  async #absent(name: string, type: RecordType, live: Answer): Promise<Step> {
    const sets = this.#sets
    const asItWas: Step = { rcode: live.rcode, records: [], live }
    if (sets.exists(name)) return live.rcode === 'NOERROR' ? asItWas : { rcode: 'NOERROR', records: [] }
    if (!sets.hasWildcardAbove(name)) return asItWas
    if (live.rcode === 'NOERROR' && await this.#isReal(name, type)) return asItWas
    return unlessSame(await this.#synthesise(name, type), live)
  }

  /** RFC 4592 §3.3.1: the closest encloser that there will be, and the wildcard below it. */
  async #synthesise(name: string, type: RecordType): Promise<Step> {
    let encloser = parentName(name)
    for (let step = 0; encloser !== '' && step < mostSteps; encloser = parentName(encloser), step++) {
      const wildcard = `*.${encloser}`
      for (const wanted of type === 'CNAME' ? ['CNAME'] as const : [type, 'CNAME'] as const) {
        const planned = this.#sets.at(wildcard, wanted)
        if (planned === null) throw this.#notKnownYet(wildcard, wanted)
        const live = planned === undefined ? await this.#aside(wildcard, wanted) : null
        const records = planned ?? (live && live.aliases.length === 0 ? live.records : [])
        const renamed = records.map(record => makeRecord(name, record.type, record.ttl, record.data))
        if (renamed.length === 0) continue
        if (wanted === type) return { rcode: 'NOERROR', records: renamed }
        return { rcode: 'NOERROR', records: [], alias: renamed[0] as DnsRecord<'CNAME'> }
      }
      if (await this.#stays(wildcard, false)) return { rcode: 'NOERROR', records: [] }
      if (this.#sets.exists(encloser) || (await this.#aside(encloser, type))?.rcode === 'NOERROR') break
    }
    return { rcode: 'NXDOMAIN', records: [] }
  }

  /** Does a live wildcard give this answer, and no record of the name itself? */
  async #isSynthesised(name: string, type: RecordType, live: Answer): Promise<boolean> {
    const said = saying(live)
    for (let at = name, step = 0; at !== '' && step < mostSteps; at = parentName(at), step++) {
      const top = await this.#aside(at, 'SOA')
      if (top === null || (top.records.length > 0 && top.aliases.length === 0)) return false // wildcards do not cross the top of a zone
      const wildcard = await this.#aside(`*.${parentName(at)}`, type)
      if (!wildcard || saying(wildcard) !== said) continue
      const below = await this.#aside(`${nobody}.${name}`, type)
      return below !== null && saying(below) === said
    }
    return false
  }

  /** Below a name that exists nothing is invented by a wildcard further up (RFC 4592 §2.2.1). */
  async #isReal(name: string, type: RecordType): Promise<boolean> {
    const below = await this.#aside(`${nobody}.${name}`, type)
    return below?.rcode !== 'NOERROR'
  }

  /** Has the name anything left that the plan does not remove? `inDoubt` where that is not answered. */
  async #stays(name: string, inDoubt = true): Promise<boolean> {
    if (this.#sets.exists(name)) return true
    const left = usualTypes.filter(type => this.#sets.at(name, type) === undefined)
    const answers = await Promise.all(left.map(type => this.#aside(name, type)))
    return answers.some(answer => answer === null ? inDoubt : (answer.aliases.length === 0 && answer.records.length > 0))
  }

  #live(name: string, type: RecordType): Promise<Answer> {
    return this.#network.query({ ...this.#question, name, type })
  }

  /** What is asked only to place the plan in the zone; null when it is not answered. */
  async #aside(name: string, type: RecordType): Promise<Answer | null> {
    const answer = await outcome(this.#live(name, type))
    return 'value' in answer ? answer.value : null
  }

  async #made(step: Step, aliases: readonly DnsRecord<'CNAME'>[], direct: Answer | null): Promise<Answer> {
    const { rcode, records, live } = step
    const { name, type, transport } = this.#question
    const last = aliases.at(-1)?.data.target ?? name
    const zones = await Promise.all([...aliases.map(alias => alias.name), ...(live ? [] : [last])].map(place => this.#zoneOf(place)))
    const told = zones.every(zone => zone.told)
    if (!told && type === 'TLSA') throw planned(`whether ${name} will be signed shows only when it is published`)
    const adTrusted = direct === null && told && zones.every(zone => zone.adTrusted) && live?.adTrusted !== false
    return {
      question: this.#question, rcode, records, aliases: [...aliases, ...live?.aliases ?? []],
      authority: records.length > 0 ? [] : live?.authority ?? zones.at(-1)?.soa ?? [],
      signatures: [], secure: adTrusted && zones.every(zone => zone.secure) && live?.secure !== false, adTrusted,
      authoritative: direct !== null, origin: 'planned', resolver: direct?.resolver ?? 'plan', transport: transport ?? 'udp',
      octets: sizeOf(name, [...aliases, ...records]), elapsed: 0, extendedErrors: [],
    }
  }

  /** The live zone that will hold the name, and whether it is signed. */
  async #zoneOf(name: string): Promise<Zone> {
    let failure: Failure | null = null
    for (let at = name, step = 0; at !== '' && step < mostSteps; at = parentName(at), step++) {
      const soa = await this.#soa(at)
      if ('problem' in soa) {
        failure = soa.problem
        break
      }
      const { records, aliases, authority } = soa.value
      if (aliases.length > 0) continue // it speaks of where the alias leads
      const apex = records.length > 0 ? at : authority.find(record => record.type === 'SOA' && isWithin(at, record.name))?.name
      if (apex === undefined) continue
      const top = apex === at ? soa : await this.#soa(apex)
      if ('problem' in top) {
        failure = top.problem
        break
      }
      const { records: own, secure, adTrusted } = top.value
      const { organizationalDomain } = await import('../syntax/organizational-domain.ts') // its list is long, and seldom needed
      const begins = !isWithin(apex, organizationalDomain(name)) || this.#sets.startsZoneBetween(name, apex)
      return { soa: own, secure, adTrusted, told: !begins && !this.#sets.rekeys(apex) }
    }
    if (failure === null || failure.reason === 'not-recorded') return { soa: [], secure: false, adTrusted: false, told: false }
    if (failure.reason === 'deadline-spent') throw new NetworkFailure(failure)
    throw planned(`what holds ${name} now cannot be told: ${failure.detail}`)
  }

  #soa(name: string): Promise<Outcome<Answer<'SOA'>>> {
    const { checkingDisabled } = this.#question
    return outcome(this.#network.query({ name, type: 'SOA', ...(checkingDisabled ? { checkingDisabled } : {}) }))
  }
}

interface Zone {
  readonly soa: readonly DnsRecord[]
  readonly secure: boolean
  readonly adTrusted: boolean
  /** False where it begins only with the plan, or gets other keys by it. */
  readonly told: boolean
}

function settled<T>(result: Outcome<T>): T {
  if ('problem' in result) throw new NetworkFailure(result.problem)
  return result.value
}

/** The live answer where the plan makes no other. */
function unlessSame(step: Step, live: Answer): Step {
  const planned = saying({ records: step.records, aliases: step.alias ? [step.alias] : [] })
  const same = step.rcode === live.rcode && planned === saying({ records: live.aliases.length > 0 ? [] : live.records, aliases: live.aliases.slice(0, 1) })
  return same ? { rcode: live.rcode, records: live.records, live } : step
}

function saying({ records, aliases }: Pick<Answer, 'records' | 'aliases'>): string {
  return [...aliases.map(({ text }) => `CNAME ${text}`), ...records.map(({ text }) => text).toSorted()].join('\n')
}

/** Octets of the message with compressed owners; near enough for who asks whether it fits. */
function sizeOf(name: string, records: readonly DnsRecord[]): number {
  const question = 12 + labelsOf(name).reduce((sum, label) => sum + label.length + 1, 1) + 4
  return records.reduce((sum, { type, data, text }) => {
    const strings = (type === 'TXT' || type === 'SPF') && 'strings' in data ? (data as { strings: readonly string[] }).strings : null
    return sum + 12 + (strings ? strings.reduce((octets, string) => octets + string.length + 1, 0) : Math.ceil(text.length * 0.75))
  }, question + 11) // the OPT record of EDNS
}

/** Is the host named by a planned MX, SRV or NS record, and by no live one of the same name? */
export async function isNewHost(network: Network, sets: PlannedSets, host: string): Promise<boolean> {
  for (const { name, type } of sets.naming(host)) {
    const live = await outcome(network.query({ name, type }))
    const known = 'value' in live && live.value.records.some(record => targetOf(record) === host)
    if (!known) return true
  }
  return false
}

export function planned(detail: string): NetworkFailure {
  return new NetworkFailure({ event: 'unavailable', reason: 'planned', detail })
}
