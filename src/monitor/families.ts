/**
 * The metric families: every series that the service gives out, with its labels. Public API, and the list from which the
 * dashboards, the alert rules and the README derive. A label never holds a record's value, a greeting, a serial number or
 * an error's text: what a label may say is bounded by what is configured, by our lists, or by the names and addresses of hosts.
 */

export interface Family {
  readonly name: string
  readonly type: 'gauge' | 'counter' | 'histogram'
  readonly help: string
  readonly labels: readonly string[]
  /** `domain`: of a configured domain; `service`: of the service itself; `probe`: only in the answer to a probe; `reports`: where received reports are read. */
  readonly of: 'domain' | 'service' | 'probe' | 'reports'
}

const endpoint = ['domain', 'host', 'address', 'service'] as const

function family<const N extends string, const L extends readonly string[]>(
  of: Family['of'], type: Family['type'], name: N, labels: L, help: string,
): Family & { readonly name: N; readonly labels: L } {
  return { name, type, help, labels, of }
}

export const families = [
  family('domain', 'gauge', 'mailcheck_check_state', ['domain', 'check', 'subject', 'severity', 'state'],
    'The last decided verdict of a check on a subject: 1 beside its state, fail or pass. /metrics has the fails alone.'),
  family('domain', 'gauge', 'mailcheck_check_unknown', ['domain', 'check', 'subject', 'severity'],
    '1 while the latest run could not decide.'),
  family('domain', 'gauge', 'mailcheck_check_decided_timestamp_seconds', ['domain', 'check', 'subject', 'severity'],
    'When the verdict in mailcheck_check_state was last arrived at.'),
  family('domain', 'gauge', 'mailcheck_checks_passed', ['domain', 'topic'],
    'Verdicts that were last decided as passed, by topic.'),
  family('domain', 'gauge', 'mailcheck_findings', ['domain', 'severity'],
    'Verdicts that were last decided as failed, by severity.'),
  family('domain', 'gauge', 'mailcheck_unknown', ['domain', 'reason'],
    'Verdicts that the latest run could not decide, by reason.'),
  family('domain', 'gauge', 'mailcheck_run_timestamp_seconds', ['domain', 'module'],
    'When the last run of the module ended.'),
  family('domain', 'gauge', 'mailcheck_run_success', ['domain'],
    '1 when the last run of every module came to its end, whatever it found.'),
  family('domain', 'gauge', 'mailcheck_run_interval_seconds', ['domain', 'module'],
    'How often the module is run.'),
  family('domain', 'gauge', 'mailcheck_endpoint_up', endpoint,
    '1 when the last session with the endpoint got its greeting, 0 when it did not; absent while that could not be told from here.'),
  family('domain', 'gauge', 'mailcheck_certificate_not_before_timestamp_seconds', endpoint,
    'The latest notBefore of the served chain, root excluded.'),
  family('domain', 'gauge', 'mailcheck_certificate_not_after_timestamp_seconds', endpoint,
    'The earliest notAfter of the served chain, root excluded.'),
  family('domain', 'gauge', 'mailcheck_certificate_lifetime_remaining_ratio', endpoint,
    'What was left of the lifetime of the certificate that ends first, at the last session: 1 when new, 0 when it ends.'),
  family('domain', 'gauge', 'mailcheck_tls_version_info', [...endpoint, 'version'],
    'The TLS version that the last session agreed on.'),
  family('domain', 'gauge', 'mailcheck_spf_lookups', ['domain'],
    'DNS lookups that the SPF record costs a receiver, of the ten that RFC 7208 allows.'),
  family('domain', 'gauge', 'mailcheck_dmarc_policy_info', ['domain', 'policy', 'subdomain_policy'],
    'The DMARC policy that applies: none, quarantine or reject.'),
  family('domain', 'gauge', 'mailcheck_mta_sts_policy_info', ['domain', 'mode'],
    'The mode of the MTA-STS policy: enforce, testing or none.'),
  family('domain', 'gauge', 'mailcheck_mta_sts_max_age_seconds', ['domain'],
    'For how long senders keep the MTA-STS policy.'),
  family('domain', 'gauge', 'mailcheck_dnssec_signature_expiry_timestamp_seconds', ['domain', 'zone'],
    'When the first signature over records of mail in the zone ends.'),
  family('domain', 'gauge', 'mailcheck_domain_registration_expiry_timestamp_seconds', ['domain'],
    'When the registration of the domain ends; absent unless the service may ask registries, and the registry says it.'),
  family('domain', 'gauge', 'mailcheck_dnsbl_listed', ['domain', 'list', 'address'],
    '1 when the block list lists the sending address, 0 when it does not; absent while the list is not to be believed.'),
  family('domain', 'gauge', 'mailcheck_record_changed_timestamp_seconds', ['domain', 'record'],
    'When a record was first seen as it is now.'),
  family('domain', 'gauge', 'mailcheck_probe_phase_duration_seconds', ['domain', 'host', 'service', 'phase'],
    'How long a step of the last session took, at the slowest address of the host: dns, connect, greeting, ehlo, starttls, handshake, auth.'),
  family('domain', 'gauge', 'mailcheck_subjects_omitted', ['domain'],
    'Subjects without series of their own, because the domain has too many.'),
  family('domain', 'gauge', 'mailcheck_series_omitted', ['domain'],
    'Series that are left out, because the domain has too many.'),

  family('reports', 'counter', 'mailcheck_dmarc_messages_total', ['domain', 'disposition', 'spf', 'dkim', 'aligned'],
    'Messages that receivers reported: what they did with them, whether SPF and DKIM passed, and whether one that passed is aligned.'),
  family('reports', 'counter', 'mailcheck_tls_sessions_total', ['domain', 'result'],
    'Sessions that senders reported: success, or what failed by RFC 8460.'),
  family('reports', 'counter', 'mailcheck_received_reports_total', ['domain', 'kind'],
    'Reports that were read: dmarc, tls or failure.'),
  family('reports', 'gauge', 'mailcheck_received_report_timestamp_seconds', ['domain', 'kind'],
    'When the time ends that the latest report is about.'),
  family('reports', 'counter', 'mailcheck_received_set_aside_total', [],
    'Files, or parts of them, that could not be read as reports.'),
  family('reports', 'gauge', 'mailcheck_received_last_read_timestamp_seconds', [],
    'When the folder of reports was last looked at.'),

  family('probe', 'gauge', 'mailcheck_probe_success', [],
    '1 when the probe came to its end in time, whatever it found.'),
  family('probe', 'gauge', 'mailcheck_probe_duration_seconds', [],
    'How long the run took whose result this is.'),

  family('service', 'gauge', 'mailcheck_check_info', ['check', 'severity', 'title', 'topic'],
    'The checks there are.'),
  family('service', 'gauge', 'mailcheck_build_info', ['version', 'node'],
    'The version of mailcheck and of Node.js.'),
  family('service', 'histogram', 'mailcheck_run_duration_seconds', ['module'],
    'How long runs take.'),
  family('service', 'counter', 'mailcheck_runs_total', ['module', 'outcome'],
    'Runs that ended, by outcome: success or failure.'),
  family('service', 'gauge', 'mailcheck_runs_in_flight', [],
    'Runs under way.'),
  family('service', 'gauge', 'mailcheck_runs_waiting', [],
    'Runs that are due and wait for their turn.'),
  family('service', 'gauge', 'mailcheck_targets', ['module'],
    'Domains that are run, by module.'),
  family('service', 'gauge', 'mailcheck_target_files_unreadable', [],
    'Target files that could not be read: what they held before stays in force.'),
  family('service', 'gauge', 'mailcheck_config_last_reload_successful', [],
    '1 when the last attempt to read the configuration succeeded.'),
  family('service', 'gauge', 'mailcheck_config_last_reload_success_timestamp_seconds', [],
    'When the configuration was last read with success.'),
  family('service', 'counter', 'mailcheck_state_damaged_lines_total', [],
    'Lines of the state file that could not be read and were skipped.'),
  family('service', 'counter', 'mailcheck_state_write_errors_total', [],
    'Lines that could not be written to the state file.'),
  family('service', 'counter', 'mailcheck_http_requests_total', ['handler', 'code'],
    'Requests answered, by handler and status code.'),

  family('service', 'counter', 'mailcheck_log_lines_total', ['program', 'known'],
    'Lines of the mail log that were read, by program (postfix, dovecot, exim, other) and by whether they are of a known form.'),
  family('service', 'gauge', 'mailcheck_log_readable', ['file'],
    '1 while the log can be read.'),
  family('service', 'gauge', 'mailcheck_log_last_line_timestamp_seconds', [],
    'The time of the latest line of a mail server.'),
  family('service', 'counter', 'mailcheck_log_findings_total', ['code', 'severity'],
    'What was found in the mail log, by what it is.'),
  family('service', 'counter', 'mailcheck_log_logins_total', ['service'],
    'Logins that succeeded, by service: smtp, imap, pop3, sieve, other.'),
  family('service', 'counter', 'mailcheck_log_auth_failures_total', ['service'],
    'Logins that failed, by service; other: the log of Dovecot does not say.'),
  family('service', 'gauge', 'mailcheck_log_account_auth_failures', ['account'],
    'Failed logins since the service started, of the accounts with the most of them; the name is hidden.'),
  family('service', 'gauge', 'mailcheck_log_source_auth_failures', ['source'],
    'Failed logins since the service started, of the addresses with the most of them; the address is hidden.'),
  family('service', 'gauge', 'mailcheck_log_account_recipients', ['account'],
    'Recipients written to since the service started, of the accounts with the most of them; the name is hidden.'),
  family('service', 'counter', 'mailcheck_log_messages_accepted_total', [],
    'Messages that were taken in.'),
  family('service', 'counter', 'mailcheck_log_refused_total', ['reason', 'temporary'],
    'Commands and messages of clients that were refused, by reason.'),
  family('service', 'counter', 'mailcheck_log_deliveries_total', ['status'],
    'Attempts to deliver to one recipient, by what came of them: sent, deferred, bounced, expired.'),
  family('service', 'counter', 'mailcheck_log_delivery_failures_total', ['status', 'reason'],
    'Attempts that were deferred or bounced, by reason.'),
  family('service', 'counter', 'mailcheck_log_delivery_tls_total', ['version'],
    'Deliveries to other hosts by TLS version; none: without TLS, unknown: the log does not say.'),
  family('service', 'histogram', 'mailcheck_log_delivery_delay_seconds', [],
    'From the arrival of a message to its delivery.'),
] as const satisfies readonly Family[]

export type FamilyName = (typeof families)[number]['name']
