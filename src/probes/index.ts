/**
 * The facts: what can be known about a domain, and who finds it out. A fact could be pasted from a zone file or a packet
 * trace; whether it is good is for checks to say. A probe runs when its fact is first asked for, and may pull other facts.
 */
import type { Answer, Network } from '../network/network.ts'
import type { Scope } from '../scope.ts'
import type { AddressFacts, MxEndpoint } from './addresses.ts'
import type { AdvertisedServerProbe } from './advertised-modes.ts'
import type { BimiFacts } from './bimi.ts'
import type { CertificateHostsFacts } from './caa.ts'
import type { AddressListings, AskedList, Listing } from './block-lists.ts'
import type { ClientConfigFacts } from './client-config.ts'
import type { ClockFacts } from './clock.ts'
import type { ContextFacts } from './contexts.ts'
import type { DkimFacts } from './dkim.ts'
import type { DmarcFacts, DmarcPlaces } from './dmarc.ts'
import type { Denial, DnssecFacts, MailZone, ZonesFacts } from './dnssec.ts'
import type { EgressFacts } from './egress.ts'
import type { EndOfDataFacts } from './end-of-data.ts'
import type { GreetingNames } from './greeting-names.ts'
import type { HistoryFacts } from './history.ts'
import type { HandshakeFacts, SeenHandshake } from './handshakes.ts'
import type { AliasedName, WildcardProbe } from './mail-names.ts'
import type { MessageFacts } from './message.ts'
import type { HostView } from './host-views.ts'
import type { InjectionFacts } from './injection.ts'
import type { EndpointLogins } from './logins.ts'
import type { MtaStsFacts } from './mta-sts.ts'
import type { MxFacts } from './mx.ts'
import type { NameServersFacts, TcpServer } from './nameservers.ts'
import type { EndedDialogue, OtherCertificateFacts } from './other-certificate.ts'
import type { OwnSmtpFacts } from './own-smtp.ts'
import type { RegistrationFacts } from './registration.ts'
import type { ReportsFacts } from './reports.ts'
import type { ReportAuthorisation, ReportDestination } from './report-destinations.ts'
import type { CertificateRevocation } from './revocations.ts'
import type { ReverseFacts } from './reverse.ts'
import type { RouteOriginsFacts } from './route-origins.ts'
import type { SenderIdentities } from './sender-identities.ts'
import type { ServiceEndpoint, ServiceFacts } from './services.ts'
import type { ServedRecords } from './served-records.ts'
import type { ServiceSession, SmtpFacts } from './session.ts'
import type { DeclaredSender, SendingAddress, SendingAddresses } from './senders.ts'
import type { HeldService, MxHostAddresses, MxSession, MxSessionsFacts, ServiceSessionsFacts } from './session-sets.ts'
import type { Sessions } from './sessions.ts'
import type { SpfElsewhereFacts } from './spf-beside.ts'
import type { SendingHostsFacts } from './spf-hosts.ts'
import type { SpfSpaceFacts } from './spf-space.ts'
import type { SpfFacts } from './spf.ts'
import type { SrvTarget } from './srv-targets.ts'
import type { TlsRptFacts } from './tls-rpt.ts'
import type { TlsScanFacts } from './tls-scan.ts'
import type { MxHostTlsa } from './tlsa.ts'
import type { TargetsFacts } from './targets.ts'
import type { UnseenRecord } from './unseen-records.ts'
import type { VantageFacts } from './vantage.ts'
import type { ZoneFacts } from './zone.ts'
import { probeAddresses, probeMxEndpoints } from './addresses.ts'
import { probeAdvertisedModes } from './advertised-modes.ts'
import { probeBimi } from './bimi.ts'
import { probeCertificateHosts } from './caa.ts'
import { probeAddressListings, probeBlockLists, probeDomainListings } from './block-lists.ts'
import { probeClientConfig } from './client-config.ts'
import { probeClock } from './clock.ts'
import { probeContexts } from './contexts.ts'
import { probeDkim } from './dkim.ts'
import { probeDmarc, probeDmarcPlaces } from './dmarc.ts'
import { probeDenials, probeDnssec, probeZones } from './dnssec.ts'
import { probeEgress } from './egress.ts'
import { probeEndOfData } from './end-of-data.ts'
import { probeGreetingNames } from './greeting-names.ts'
import { probeHistory } from './history.ts'
import { probeHandshakes, probeSeenHandshakes } from './handshakes.ts'
import { probeAliases, probeWildcards } from './mail-names.ts'
import { probeMessage } from './message.ts'
import { probeHostViews } from './host-views.ts'
import { probeInjection } from './injection.ts'
import { probeLogins } from './logins.ts'
import { probeMtaSts } from './mta-sts.ts'
import { probeMx } from './mx.ts'
import { probeNameServers, probeNameServersOverTcp, probeUnresolvedServers } from './nameservers.ts'
import { probeOtherCertificate } from './other-certificate.ts'
import { probeOwnSmtp } from './own-smtp.ts'
import { probeOwnSubmission } from './own-submission.ts'
import { probeRegistration } from './registration.ts'
import { probeReports } from './reports.ts'
import { probeReportAuthorisations, probeReportDestinations } from './report-destinations.ts'
import { probeRevocations } from './revocations.ts'
import { probeReverse } from './reverse.ts'
import { probeRouteOrigins } from './route-origins.ts'
import { probeSenderIdentities } from './sender-identities.ts'
import { probeMxSession, probeService } from './service-sessions.ts'
import { probeNamedServices, probeServices } from './services.ts'
import { probeServedRecords } from './served-records.ts'
import { probeMxAddresses, probeMxSessions, probeServiceSessions } from './session-sets.ts'
import { probeDeclaredSenders, probeSendingAddresses } from './senders.ts'
import { probeSpfElsewhere, probeSpfType } from './spf-beside.ts'
import { probeSendingHosts, probeSpfMxHosts } from './spf-hosts.ts'
import { probeSpfSpace } from './spf-space.ts'
import { probeSpf } from './spf.ts'
import { probeSrvTargets } from './srv-targets.ts'
import { probeTlsRpt } from './tls-rpt.ts'
import { probeTlsScan } from './tls-scan.ts'
import { probeMxTlsa } from './tlsa.ts'
import { probeTargets } from './targets.ts'
import { probeUnseenDmarc, probeUnseenMx, probeUnseenSpf } from './unseen-records.ts'
import { probeVantage } from './vantage.ts'
import { probeZone } from './zone.ts'

/** What a check judges one at a time: a host, an endpoint, a selector; `name` is how the report calls it. */
export interface Subject {
  readonly name: string
}

/** Facts of which a run has one. */
export interface DomainFacts {
  /** The zone that holds the domain. */
  zone: ZoneFacts
  /** Its name servers, each asked directly. */
  nameservers: NameServersFacts
  /** They again, where the resolver finds no zone. */
  unresolvedServers: NameServersFacts | null
  /** The same over TCP. */
  nameserversOverTcp: readonly TcpServer[]
  /** What each of them says of the domain’s mail. */
  servedRecords: readonly ServedRecords[]
  /** The addresses that one of them gives for MX hosts that look odd from here. */
  hostViews: readonly HostView[]
  /** What they have of it and the resolver does not show; they are asked only where it shows nothing. */
  unseenMx: UnseenRecord | null
  unseenSpf: UnseenRecord | null
  unseenDmarc: UnseenRecord | null
  /** The names used for mail, and which of them are aliases. */
  aliases: readonly AliasedName[]
  /** Names that nobody chose, and whether a wildcard answers them. */
  wildcards: readonly WildcardProbe[]
  /** What mail rests on outside of the domain. */
  targets: TargetsFacts
  /** The zones on which the domain’s mail depends: its own, and those of its MX hosts. */
  zones: ZonesFacts
  /** The domain’s MX answer, which also tells whether the domain exists. */
  mx: MxFacts
  /** Port 25 on every address of every MX host. */
  mxEndpoints: readonly MxEndpoint[]
  /** Every MX host with its addresses. */
  mxAddresses: readonly MxHostAddresses[]
  /** The dialogues on port 25, side by side. */
  mxSessions: MxSessionsFacts
  /** The names that they greet with, looked up. */
  greetingNames: GreetingNames
  /** What the domain publishes so that mail programs set themselves up. */
  clientConfig: ClientConfigFacts
  /** Where people send and read, as far as the DNS and the configuration say, or custom. */
  namedServices: ServiceFacts
  /** The same with what set-up files advertise: the endpoints declared, published and guessed. */
  services: ServiceFacts
  /** The hosts that SRV records name for them, looked up. */
  srvTargets: readonly SrvTarget[]
  /** Whether the servers that are advertised speak TLS in the manner that is advertised. */
  advertisedModes: readonly AdvertisedServerProbe[]
  /** The dialogues with those endpoints, side by side. */
  serviceSessions: ServiceSessionsFacts
  /** What came of the logins that the user permits. */
  logins: readonly EndpointLogins[]
  /** The handshakes of all of them without a name, side by side. */
  seenHandshakes: readonly SeenHandshake[]
  spf: SpfFacts
  /** Where an SPF record may stand by mistake. */
  spfElsewhere: SpfElsewhereFacts
  /** Records of the obsolete type 99 at the domain. */
  spfType: Answer<'SPF'>
  /** Every host that an mx term leads to. */
  spfMxHosts: readonly AddressFacts[]
  /** Whom SPF lets send as the domain. */
  spfSpace: SpfSpaceFacts
  /** What SPF says of the senders that the user declares. */
  declaredSenders: readonly DeclaredSender[]
  /** Those, and the MX addresses that SPF lets send. */
  sendingAddresses: SendingAddresses
  /** The same by name. */
  sendingHosts: SendingHostsFacts
  dkim: DkimFacts
  dmarc: DmarcFacts
  /** The MTA-STS record, and the policy that it announces. */
  mtaSts: MtaStsFacts
  /** The TLS-RPT record, and the way to whom it names. */
  tlsRpt: TlsRptFacts
  /** The hosts that show certificates, and who may issue for them. */
  certificateHosts: CertificateHostsFacts
  /** The BIMI record, the logo and the certificate that it names. */
  bimi: BimiFacts
  /** Every MX host with what it publishes of its certificates. */
  mxTlsa: readonly MxHostTlsa[]
  /** Where a DMARC policy is published by mistake. */
  dmarcPlaces: DmarcPlaces
  /** The hosts that DMARC reports are to go to. */
  reportDestinations: readonly ReportDestination[]
  /** Whether those of other organizations have agreed. */
  reportAuthorisations: readonly ReportAuthorisation[]
  /** The domains that the declared senders authenticate. */
  senderIdentities: SenderIdentities
  /** The block lists that may be asked, and whether they are to be believed. */
  blockLists: readonly AskedList[]
  /** What they say of the domain. */
  domainListings: readonly Listing[]
  /** What the registry says of the domain’s registration. */
  registration: RegistrationFacts
  /** Who announces the addresses of MX hosts and name servers, and who may. */
  routeOrigins: RouteOriginsFacts
  /** Whether the certificates of those services are taken back. */
  revocations: readonly CertificateRevocation[]
  /** The message that was supplied, as its receiver judges it; null when there is none. */
  message: MessageFacts | null
  /** What others report of the domain’s mail; null when no reports were given. */
  reports: ReportsFacts | null
  contexts: ContextFacts
  /** What can be seen from here. */
  vantage: VantageFacts
  /** The time at which this run judges. */
  clock: ClockFacts
  /** What earlier runs saw. */
  history: HistoryFacts
}

/** Facts of which there is one for each subject. */
export interface SubjectFacts {
  /** A and AAAA of a host. */
  addresses: { of: Subject; fact: AddressFacts }
  /** Keys, signatures and validation in a zone. */
  dnssec: { of: MailZone; fact: DnssecFacts }
  /** Questions for types that names of mail may lack. */
  denials: { of: MailZone; fact: readonly Denial[] }
  /** The names of an address that sends mail. */
  reverse: { of: SendingAddress; fact: ReverseFacts }
  /** What block lists say of an address that sends mail. */
  addressListings: { of: SendingAddress; fact: AddressListings }
  /** The dialogue on port 25 of an MX address. */
  smtp: { of: MxEndpoint; fact: SmtpFacts }
  /** What the server on port 25 says to envelopes that its operator permits us to show it. */
  ownSmtp: { of: MxSession; fact: OwnSmtpFacts }
  /** Where the server on port 25 thinks that a message ends. */
  endOfData: { of: MxSession; fact: EndOfDataFacts }
  /** What a submission server says to an envelope from somebody who has not logged in. */
  ownSubmission: { of: HeldService; fact: OwnSmtpFacts }
  /** The dialogue with a submission, IMAP or POP3 endpoint. */
  service: { of: ServiceEndpoint; fact: ServiceSession }
  /** What comes of a command that is sent in clear behind STARTTLS. */
  injection: { of: MxSession | HeldService; fact: InjectionFacts }
  /** What a client of TLS 1.2 gets that gives no name (SNI). */
  handshakes: { of: MxSession | HeldService; fact: HandshakeFacts }
  /** The certificate for clients that do not know the kind of key which the dialogue was shown. */
  otherCertificate: { of: EndedDialogue; fact: OtherCertificateFacts }
  /** What it takes of what it should not, one ClientHello each. */
  tlsScan: { of: MxSession | HeldService; fact: TlsScanFacts }
  /** Whether this endpoint’s port can be reached from here at all, over its address family. */
  egress: { of: MxEndpoint | ServiceEndpoint; fact: EgressFacts }
}

export type FactName = keyof DomainFacts | keyof SubjectFacts
export type FactOf<N extends FactName> =
  N extends keyof DomainFacts ? DomainFacts[N] : N extends keyof SubjectFacts ? SubjectFacts[N]['fact'] : never
export type Facts = { [N in FactName]: FactOf<N> }

/** Hands out facts; the first to ask sets the probe going, everybody gets the same promise. */
export interface FactSource {
  get<N extends keyof DomainFacts>(name: N): Promise<DomainFacts[N]>
  get<N extends keyof SubjectFacts>(name: N, subject: SubjectFacts[N]['of']): Promise<SubjectFacts[N]['fact']>
}

export interface ProbeContext {
  readonly network: Network
  readonly scope: Scope
  readonly facts: FactSource
  /** Dialogues, shared among the domains of one call. */
  readonly sessions: Sessions
  /** What earlier runs saw, where somebody remembers it. */
  readonly history?: HistoryFacts
}

export type DomainProbes = { readonly [N in keyof DomainFacts]: (context: ProbeContext) => Promise<DomainFacts[N]> }
export type SubjectProbes = {
  readonly [N in keyof SubjectFacts]: (context: ProbeContext, subject: SubjectFacts[N]['of']) => Promise<SubjectFacts[N]['fact']>
}

export const domainProbes: DomainProbes = {
  zone: probeZone,
  nameservers: probeNameServers,
  unresolvedServers: probeUnresolvedServers,
  nameserversOverTcp: probeNameServersOverTcp,
  servedRecords: probeServedRecords,
  hostViews: probeHostViews,
  unseenMx: probeUnseenMx,
  unseenSpf: probeUnseenSpf,
  unseenDmarc: probeUnseenDmarc,
  aliases: probeAliases,
  wildcards: probeWildcards,
  targets: probeTargets,
  zones: probeZones,
  mx: probeMx,
  mxEndpoints: probeMxEndpoints,
  mxAddresses: probeMxAddresses,
  mxSessions: probeMxSessions,
  greetingNames: probeGreetingNames,
  clientConfig: probeClientConfig,
  namedServices: probeNamedServices,
  services: probeServices,
  srvTargets: probeSrvTargets,
  advertisedModes: probeAdvertisedModes,
  serviceSessions: probeServiceSessions,
  logins: probeLogins,
  seenHandshakes: probeSeenHandshakes,
  spf: probeSpf,
  spfElsewhere: probeSpfElsewhere,
  spfType: probeSpfType,
  spfMxHosts: probeSpfMxHosts,
  spfSpace: probeSpfSpace,
  declaredSenders: probeDeclaredSenders,
  sendingAddresses: probeSendingAddresses,
  sendingHosts: probeSendingHosts,
  dkim: probeDkim,
  dmarc: probeDmarc,
  mtaSts: probeMtaSts,
  tlsRpt: probeTlsRpt,
  certificateHosts: probeCertificateHosts,
  bimi: probeBimi,
  mxTlsa: probeMxTlsa,
  dmarcPlaces: probeDmarcPlaces,
  reportDestinations: probeReportDestinations,
  reportAuthorisations: probeReportAuthorisations,
  senderIdentities: probeSenderIdentities,
  blockLists: probeBlockLists,
  domainListings: probeDomainListings,
  registration: probeRegistration,
  routeOrigins: probeRouteOrigins,
  revocations: probeRevocations,
  message: probeMessage,
  reports: probeReports,
  contexts: probeContexts,
  vantage: probeVantage,
  clock: probeClock,
  history: probeHistory,
}

export const subjectProbes: SubjectProbes = {
  addresses: probeAddresses,
  dnssec: probeDnssec,
  denials: probeDenials,
  reverse: probeReverse,
  addressListings: probeAddressListings,
  smtp: probeMxSession,
  ownSmtp: probeOwnSmtp,
  endOfData: probeEndOfData,
  ownSubmission: probeOwnSubmission,
  service: probeService,
  injection: probeInjection,
  handshakes: probeHandshakes,
  otherCertificate: probeOtherCertificate,
  tlsScan: probeTlsScan,
  egress: probeEgress,
}
