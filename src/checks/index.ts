/** The registry: every check, in report order. Everything else (docs, schema, metrics, alerts, tests) derives from this list. */
import type { Check } from './define.ts'
import domainExists from './domain/exists.ts'
import domainResolvable from './domain/resolvable.ts'
import domainRegistrationNotAboutToLapse from './domain/registration-not-about-to-lapse.ts'
import domainRegistrationNotLapsingSoon from './domain/registration-not-lapsing-soon.ts'
import dnsNameserversRedundant from './dns/nameservers-redundant.ts'
import dnsNameserversAuthoritative from './dns/nameservers-authoritative.ts'
import dnsDelegationConsistent from './dns/delegation-consistent.ts'
import dnsTcpAnswered from './dns/tcp-answered.ts'
import dnsAnswersConsistent from './dns/answers-consistent.ts'
import dnsCnameAlone from './dns/cname-alone.ts'
import dnsWildcardOffMailNames from './dns/wildcard-off-mail-names.ts'
import dnsTargetsNotClaimable from './dns/targets-not-claimable.ts'
import dnsTtlModerate from './dns/ttl-moderate.ts'
import dnsRouteOriginValid from './dns/route-origin-valid.ts'
import mxRouteExists from './mx/route-exists.ts'
import mxRouteExplicit from './mx/route-explicit.ts'
import mxNullMxWellFormed from './mx/null-mx-well-formed.ts'
import mxNullMxSendsNothing from './mx/null-mx-sends-nothing.ts'
import mxSomeHostResolves from './mx/some-host-resolves.ts'
import mxEveryHostResolves from './mx/every-host-resolves.ts'
import mxHostNotAlias from './mx/host-not-alias.ts'
import mxHostIsHostname from './mx/host-is-hostname.ts'
import mxEveryAddressPublic from './mx/every-address-public.ts'
import mxNoSurplusHosts from './mx/no-surplus-hosts.ts'
import mxReachableOverIpv4 from './mx/reachable-over-ipv4.ts'
import mxReachableOverIpv6 from './mx/reachable-over-ipv6.ts'
import smtpSomeHostAnswers from './smtp/some-host-answers.ts'
import smtpEveryAddressAnswers from './smtp/every-address-answers.ts'
import smtpPrimaryAnswers from './smtp/primary-answers.ts'
import smtpSessionOpens from './smtp/session-opens.ts'
import smtpGreetingPrompt from './smtp/greeting-prompt.ts'
import smtpGreetingNameResolves from './smtp/greeting-name-resolves.ts'
import smtpAuthNotBeforeTls from './smtp/auth-not-before-tls.ts'
import smtpAuthNotOnPort25 from './smtp/auth-not-on-port-25.ts'
import smtpExtensionsAdequate from './smtp/extensions-adequate.ts'
import smtpNullSenderAccepted from './smtp/null-sender-accepted.ts'
import smtpPostmasterAccepted from './smtp/postmaster-accepted.ts'
import smtpAbuseAccepted from './smtp/abuse-accepted.ts'
import smtpUnknownRecipientsRefused from './smtp/unknown-recipients-refused.ts'
import smtpRelayRefused from './smtp/relay-refused.ts'
import smtpVerifyDiscreet from './smtp/verify-discreet.ts'
import smtpEndOfDataStrict from './smtp/end-of-data-strict.ts'
import mxTlsStarttlsWorks from './mx-tls/starttls-works.ts'
import mxTlsNothingInjectedBeforeTls from './mx-tls/nothing-injected-before-tls.ts'
import mxTlsVersionCurrent from './mx-tls/version-current.ts'
import mxTlsOldVersionsRefused from './mx-tls/old-versions-refused.ts'
import mxTlsCiphersStrong from './mx-tls/ciphers-strong.ts'
import mxTlsHandshakeModern from './mx-tls/handshake-modern.ts'
import mxTlsCertificateVerifiable from './mx-tls/certificate-verifiable.ts'
import mxTlsKeyStrong from './mx-tls/key-strong.ts'
import spfRecordExists from './spf/record-exists.ts'
import spfParkedDeniesAll from './spf/parked-denies-all.ts'
import spfRecordSingle from './spf/record-single.ts'
import spfPrefixExact from './spf/prefix-exact.ts'
import spfStringsJoinedCleanly from './spf/strings-joined-cleanly.ts'
import spfSyntaxValid from './spf/syntax-valid.ts'
import spfNoIgnoredTerms from './spf/no-ignored-terms.ts'
import spfIncludesResolve from './spf/includes-resolve.ts'
import spfWithinLookupLimit from './spf/within-lookup-limit.ts'
import spfLookupHeadroom from './spf/lookup-headroom.ts'
import spfWithinVoidLimit from './spf/within-void-limit.ts'
import spfNoSurplus from './spf/no-surplus.ts'
import spfNoPassAll from './spf/no-pass-all.ts'
import spfPolicyNotNeutral from './spf/policy-not-neutral.ts'
import spfSoftfailBacked from './spf/softfail-backed.ts'
import spfPtrUnused from './spf/ptr-unused.ts'
import spfAuthorisedSpaceBounded from './spf/authorised-space-bounded.ts'
import spfRangesSensible from './spf/ranges-sensible.ts'
import spfAnswerFitsUdp from './spf/answer-fits-udp.ts'
import spfHeloNamesCovered from './spf/helo-names-covered.ts'
import spfDeclaredSendersPass from './spf/declared-senders-pass.ts'
import spfProviderLookupsSteady from './spf/provider-lookups-steady.ts'
import dkimKeyFound from './dkim/key-found.ts'
import dkimRecordValid from './dkim/record-valid.ts'
import dkimKeyDecodes from './dkim/key-decodes.ts'
import dkimKeyNotRevoked from './dkim/key-not-revoked.ts'
import dkimRsaKeyAccepted from './dkim/rsa-key-accepted.ts'
import dkimRsaKeyStrong from './dkim/rsa-key-strong.ts'
import dkimKeyVerifiableEverywhere from './dkim/key-verifiable-everywhere.ts'
import dkimKeyUsable from './dkim/key-usable.ts'
import dkimNotTesting from './dkim/not-testing.ts'
import dkimProviderSetComplete from './dkim/provider-set-complete.ts'
import dkimParkedKeysRevoked from './dkim/parked-keys-revoked.ts'
import dkimKeyNotCompromised from './dkim/key-not-compromised.ts'
import dkimKeyUnshared from './dkim/key-unshared.ts'
import dkimKeyRotated from './dkim/key-rotated.ts'
import dkimUsedSelectorKept from './dkim/used-selector-kept.ts'
import dmarcRecordFound from './dmarc/record-found.ts'
import dmarcRecordSingle from './dmarc/record-single.ts'
import dmarcRecordRecognised from './dmarc/record-recognised.ts'
import dmarcPolicyValuesValid from './dmarc/policy-values-valid.ts'
import dmarcPPresent from './dmarc/p-present.ts'
import dmarcPolicyEnforced from './dmarc/policy-enforced.ts'
import dmarcParkedRejects from './dmarc/parked-rejects.ts'
import dmarcNotTesting from './dmarc/not-testing.ts'
import dmarcSubdomainsEnforced from './dmarc/subdomains-enforced.ts'
import dmarcPctFull from './dmarc/pct-full.ts'
import dmarcNoIdleContent from './dmarc/no-idle-content.ts'
import dmarcNotMarkedPublicSuffix from './dmarc/not-marked-public-suffix.ts'
import dmarcDeepNamesCovered from './dmarc/deep-names-covered.ts'
import dmarcLegacyAgrees from './dmarc/legacy-agrees.ts'
import dmarcReportsRequested from './dmarc/reports-requested.ts'
import dmarcReportDestinationsValid from './dmarc/report-destinations-valid.ts'
import dmarcExternalDestinationsAuthorised from './dmarc/external-destinations-authorised.ts'
import dmarcAlignmentAchievable from './dmarc/alignment-achievable.ts'
import dmarcRejectBackedByDkim from './dmarc/reject-backed-by-dkim.ts'
import mtaStsRecordExists from './mta-sts/record-exists.ts'
import mtaStsRecordValid from './mta-sts/record-valid.ts'
import mtaStsPolicyServed from './mta-sts/policy-served.ts'
import mtaStsPolicyValid from './mta-sts/policy-valid.ts'
import mtaStsMxCovered from './mta-sts/mx-covered.ts'
import mtaStsMxVerifiable from './mta-sts/mx-verifiable.ts'
import mtaStsReadyToEnforce from './mta-sts/ready-to-enforce.ts'
import mtaStsCertificatesRenewedInTime from './mta-sts/certificates-renewed-in-time.ts'
import mtaStsPolicyTidy from './mta-sts/policy-tidy.ts'
import mtaStsEnforced from './mta-sts/enforced.ts'
import mtaStsMaxAgeADay from './mta-sts/max-age-a-day.ts'
import mtaStsMaxAgeWeeks from './mta-sts/max-age-weeks.ts'
import mtaStsIdBumped from './mta-sts/id-bumped.ts'
import mtaStsTestingNotStale from './mta-sts/testing-not-stale.ts'
import mtaStsRemovedInOrder from './mta-sts/removed-in-order.ts'
import tlsRptAccompaniesEnforcement from './tls-rpt/accompanies-enforcement.ts'
import tlsRptRecordExists from './tls-rpt/record-exists.ts'
import tlsRptRecordValid from './tls-rpt/record-valid.ts'
import daneTlsaAnswered from './dane/tlsa-answered.ts'
import daneTlsaMatches from './dane/tlsa-matches.ts'
import daneParametersUsable from './dane/parameters-usable.ts'
import daneTlsaSecure from './dane/tlsa-secure.ts'
import daneEveryHostCovered from './dane/every-host-covered.ts'
import daneRolloverPrepared from './dane/rollover-prepared.ts'
import daneIssuerCurrent from './dane/issuer-current.ts'
import daneTlsaPrecedesKey from './dane/tlsa-precedes-key.ts'
import dnssecZoneSigned from './dnssec/zone-signed.ts'
import dnssecChainValid from './dnssec/chain-valid.ts'
import dnssecSignaturesFresh from './dnssec/signatures-fresh.ts'
import dnssecSignaturesNotExpiringSoon from './dnssec/signatures-not-expiring-soon.ts'
import dnssecAlgorithmCurrent from './dnssec/algorithm-current.ts'
import dnssecKeysCurrent from './dnssec/keys-current.ts'
import dnssecDenialAnswered from './dnssec/denial-answered.ts'
import iprevPtrExists from './iprev/ptr-exists.ts'
import iprevForwardConfirmed from './iprev/forward-confirmed.ts'
import iprevNameSpecific from './iprev/name-specific.ts'
import caaIssuerPermitted from './caa/issuer-permitted.ts'
import caaRecordExists from './caa/record-exists.ts'
import bimiRecordValid from './bimi/record-valid.ts'
import bimiPolicySufficient from './bimi/policy-sufficient.ts'
import bimiLogoValid from './bimi/logo-valid.ts'
import tlsHandshakeCompletes from './tls/handshake-completes.ts'
import tlsVersionCurrent from './tls/version-current.ts'
import tlsObsoleteRefused from './tls/obsolete-refused.ts'
import tlsHandshakeModern from './tls/handshake-modern.ts'
import tlsKeyExchangeStrong from './tls/key-exchange-strong.ts'
import tlsCertificateInDate from './tls/certificate-in-date.ts'
import tlsCertificateNotAboutToExpire from './tls/certificate-not-about-to-expire.ts'
import tlsCertificateRenewalOnTime from './tls/certificate-renewal-on-time.ts'
import tlsCertificateNotExpiringSoon from './tls/certificate-not-expiring-soon.ts'
import tlsCertificateTrusted from './tls/certificate-trusted.ts'
import tlsCertificateNamesHost from './tls/certificate-names-host.ts'
import tlsChainComplete from './tls/chain-complete.ts'
import tlsCertificateUniform from './tls/certificate-uniform.ts'
import tlsCertificateLifetimeAllowed from './tls/certificate-lifetime-allowed.ts'
import tlsCertificateNotRevoked from './tls/certificate-not-revoked.ts'
import tlsRenewalInRhythm from './tls/renewal-in-rhythm.ts'
import tlsNothingInjectedBeforeTls from './tls/nothing-injected-before-tls.ts'
import tlsStarttlsDiscardsPlaintext from './tls/starttls-discards-plaintext.ts'
import submissionReachable from './submission/reachable.ts'
import submissionImplicitTlsOffered from './submission/implicit-tls-offered.ts'
import submissionStarttlsOffered from './submission/starttls-offered.ts'
import submissionNoPlaintextAuth from './submission/no-plaintext-auth.ts'
import submissionAuthOffered from './submission/auth-offered.ts'
import submissionAuthenticationRequired from './submission/authentication-required.ts'
import imapReachable from './imap/reachable.ts'
import imapImplicitTlsOffered from './imap/implicit-tls-offered.ts'
import imapStarttlsOffered from './imap/starttls-offered.ts'
import imapNoPlaintextAuth from './imap/no-plaintext-auth.ts'
import imapIdleOffered from './imap/idle-offered.ts'
import imapSeveralDevicesServed from './imap/several-devices-served.ts'
import imapQuotaShown from './imap/quota-shown.ts'
import imapIdOffered from './imap/id-offered.ts'
import imapQuotaNotExhausted from './imap/quota-not-exhausted.ts'
import pop3Reachable from './pop3/reachable.ts'
import pop3ImplicitTlsOffered from './pop3/implicit-tls-offered.ts'
import pop3StlsOffered from './pop3/stls-offered.ts'
import pop3NoPlaintextAuth from './pop3/no-plaintext-auth.ts'
import pop3UidlOffered from './pop3/uidl-offered.ts'
import pop3MailMayStay from './pop3/mail-may-stay.ts'
import pop3RetentionAnnounced from './pop3/retention-announced.ts'
import pop3LoginDelayTolerable from './pop3/login-delay-tolerable.ts'
import pop3RefusalsExplained from './pop3/refusals-explained.ts'
import accessRetrievalWorks from './access/retrieval-works.ts'
import accessImapBesidePop3 from './access/imap-beside-pop3.ts'
import accessMechanismsCurrent from './access/mechanisms-current.ts'
import accessLoginWorks from './access/login-works.ts'
import accessWrongPasswordRefused from './access/wrong-password-refused.ts'
import clientConfigSrvPublished from './client-config/srv-published.ts'
import clientConfigSrvTargetsValid from './client-config/srv-targets-valid.ts'
import clientConfigSrvCertificateCovers from './client-config/srv-certificate-covers.ts'
import clientConfigSetUpServed from './client-config/set-up-served.ts'
import clientConfigAutoconfigValid from './client-config/autoconfig-valid.ts'
import clientConfigEndpointModesTrue from './client-config/endpoint-modes-true.ts'
import clientConfigSourcesAgree from './client-config/sources-agree.ts'
import reputationAddressUnlisted from './reputation/address-unlisted.ts'
import reputationDomainUnlisted from './reputation/domain-unlisted.ts'
import messageDmarcPasses from './message/dmarc-passes.ts'
import messageSpfAndDkimAligned from './message/spf-and-dkim-aligned.ts'
import messageOneClickUnsubscribe from './message/one-click-unsubscribe.ts'
import messageHeaderWellFormed from './message/header-well-formed.ts'
import messageSignatureSound from './message/signature-sound.ts'
import messageSenderCanReceive from './message/sender-can-receive.ts'
import messageSentOverTls from './message/sent-over-tls.ts'
import reportsAggregateArriving from './reports/aggregate-arriving.ts'
import reportsNoNewUnalignedSource from './reports/no-new-unaligned-source.ts'
import reportsNoTlsFailures from './reports/no-tls-failures.ts'

export const checks: readonly Check[] = [
  domainExists,
  domainResolvable,
  domainRegistrationNotAboutToLapse,
  domainRegistrationNotLapsingSoon,
  dnsNameserversRedundant,
  dnsNameserversAuthoritative,
  dnsDelegationConsistent,
  dnsTcpAnswered,
  dnsAnswersConsistent,
  dnsCnameAlone,
  dnsWildcardOffMailNames,
  dnsTargetsNotClaimable,
  dnsTtlModerate,
  dnsRouteOriginValid,
  mxRouteExists,
  mxRouteExplicit,
  mxNullMxWellFormed,
  mxNullMxSendsNothing,
  mxSomeHostResolves,
  mxEveryHostResolves,
  mxHostNotAlias,
  mxHostIsHostname,
  mxEveryAddressPublic,
  mxNoSurplusHosts,
  mxReachableOverIpv4,
  mxReachableOverIpv6,
  smtpSomeHostAnswers,
  smtpEveryAddressAnswers,
  smtpPrimaryAnswers,
  smtpSessionOpens,
  smtpGreetingPrompt,
  smtpGreetingNameResolves,
  smtpAuthNotBeforeTls,
  smtpAuthNotOnPort25,
  smtpExtensionsAdequate,
  smtpNullSenderAccepted,
  smtpPostmasterAccepted,
  smtpAbuseAccepted,
  smtpUnknownRecipientsRefused,
  smtpRelayRefused,
  smtpVerifyDiscreet,
  smtpEndOfDataStrict,
  mxTlsStarttlsWorks,
  mxTlsNothingInjectedBeforeTls,
  mxTlsVersionCurrent,
  mxTlsOldVersionsRefused,
  mxTlsCiphersStrong,
  mxTlsHandshakeModern,
  mxTlsCertificateVerifiable,
  mxTlsKeyStrong,
  spfRecordExists,
  spfParkedDeniesAll,
  spfRecordSingle,
  spfPrefixExact,
  spfStringsJoinedCleanly,
  spfSyntaxValid,
  spfNoIgnoredTerms,
  spfIncludesResolve,
  spfWithinLookupLimit,
  spfLookupHeadroom,
  spfWithinVoidLimit,
  spfNoSurplus,
  spfNoPassAll,
  spfPolicyNotNeutral,
  spfSoftfailBacked,
  spfPtrUnused,
  spfAuthorisedSpaceBounded,
  spfRangesSensible,
  spfAnswerFitsUdp,
  spfHeloNamesCovered,
  spfDeclaredSendersPass,
  spfProviderLookupsSteady,
  dkimKeyFound,
  dkimRecordValid,
  dkimKeyDecodes,
  dkimKeyNotRevoked,
  dkimRsaKeyAccepted,
  dkimRsaKeyStrong,
  dkimKeyVerifiableEverywhere,
  dkimKeyUsable,
  dkimNotTesting,
  dkimProviderSetComplete,
  dkimParkedKeysRevoked,
  dkimKeyNotCompromised,
  dkimKeyUnshared,
  dkimKeyRotated,
  dkimUsedSelectorKept,
  dmarcRecordFound,
  dmarcRecordSingle,
  dmarcRecordRecognised,
  dmarcPolicyValuesValid,
  dmarcPPresent,
  dmarcPolicyEnforced,
  dmarcParkedRejects,
  dmarcNotTesting,
  dmarcSubdomainsEnforced,
  dmarcPctFull,
  dmarcNoIdleContent,
  dmarcNotMarkedPublicSuffix,
  dmarcDeepNamesCovered,
  dmarcLegacyAgrees,
  dmarcReportsRequested,
  dmarcReportDestinationsValid,
  dmarcExternalDestinationsAuthorised,
  dmarcAlignmentAchievable,
  dmarcRejectBackedByDkim,
  mtaStsRecordExists,
  mtaStsRecordValid,
  mtaStsPolicyServed,
  mtaStsPolicyValid,
  mtaStsMxCovered,
  mtaStsMxVerifiable,
  mtaStsReadyToEnforce,
  mtaStsCertificatesRenewedInTime,
  mtaStsPolicyTidy,
  mtaStsEnforced,
  mtaStsMaxAgeADay,
  mtaStsMaxAgeWeeks,
  mtaStsIdBumped,
  mtaStsTestingNotStale,
  mtaStsRemovedInOrder,
  tlsRptAccompaniesEnforcement,
  tlsRptRecordExists,
  tlsRptRecordValid,
  daneTlsaAnswered,
  daneTlsaMatches,
  daneParametersUsable,
  daneTlsaSecure,
  daneEveryHostCovered,
  daneRolloverPrepared,
  daneIssuerCurrent,
  daneTlsaPrecedesKey,
  dnssecZoneSigned,
  dnssecChainValid,
  dnssecSignaturesFresh,
  dnssecSignaturesNotExpiringSoon,
  dnssecAlgorithmCurrent,
  dnssecKeysCurrent,
  dnssecDenialAnswered,
  caaIssuerPermitted,
  caaRecordExists,
  bimiRecordValid,
  bimiPolicySufficient,
  bimiLogoValid,
  iprevPtrExists,
  iprevForwardConfirmed,
  iprevNameSpecific,
  tlsHandshakeCompletes,
  tlsVersionCurrent,
  tlsObsoleteRefused,
  tlsHandshakeModern,
  tlsKeyExchangeStrong,
  tlsCertificateInDate,
  tlsCertificateNotAboutToExpire,
  tlsCertificateRenewalOnTime,
  tlsCertificateNotExpiringSoon,
  tlsCertificateTrusted,
  tlsCertificateNamesHost,
  tlsChainComplete,
  tlsCertificateUniform,
  tlsCertificateLifetimeAllowed,
  tlsCertificateNotRevoked,
  tlsRenewalInRhythm,
  tlsNothingInjectedBeforeTls,
  tlsStarttlsDiscardsPlaintext,
  submissionReachable,
  submissionImplicitTlsOffered,
  submissionStarttlsOffered,
  submissionNoPlaintextAuth,
  submissionAuthOffered,
  submissionAuthenticationRequired,
  imapReachable,
  imapImplicitTlsOffered,
  imapStarttlsOffered,
  imapNoPlaintextAuth,
  imapIdleOffered,
  imapSeveralDevicesServed,
  imapQuotaShown,
  imapIdOffered,
  imapQuotaNotExhausted,
  pop3Reachable,
  pop3ImplicitTlsOffered,
  pop3StlsOffered,
  pop3NoPlaintextAuth,
  pop3UidlOffered,
  pop3MailMayStay,
  pop3RetentionAnnounced,
  pop3LoginDelayTolerable,
  pop3RefusalsExplained,
  accessRetrievalWorks,
  accessImapBesidePop3,
  accessMechanismsCurrent,
  accessLoginWorks,
  accessWrongPasswordRefused,
  clientConfigSrvPublished,
  clientConfigSrvTargetsValid,
  clientConfigSrvCertificateCovers,
  clientConfigSetUpServed,
  clientConfigAutoconfigValid,
  clientConfigEndpointModesTrue,
  clientConfigSourcesAgree,
  reputationAddressUnlisted,
  reputationDomainUnlisted,
  messageDmarcPasses,
  messageSpfAndDkimAligned,
  messageOneClickUnsubscribe,
  messageHeaderWellFormed,
  messageSignatureSound,
  messageSenderCanReceive,
  messageSentOverTls,
  reportsAggregateArriving,
  reportsNoNewUnalignedSource,
  reportsNoTlsFailures,
]
