import check from '../../../src/checks/caa/record-exists.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { smtp } from '../transcripts.ts'
import { host, permits, unreached, withoutCertificates } from './hosts.ts'

const stranger: Row = {
  zone: 'example.com MX 10 mx.example.net\nmx.example.net A 192.0.2.1', sessions: { 'mx.example.net[192.0.2.1]:25': smtp }, expect: { 'mx.example.net': 'skip' },
}

checkTable(check, {
  'at the domain': permits('example.com CAA 0 issue "pki.goog"', 'pass'),
  'at the host': permits(`${host} CAA 0 issue "pki.goog"`, 'pass'),
  'nowhere': { ...permits('', 'failed'), args: { [host]: { host } } },
  'nowhere, and the certificate is their own': permits('', 'failed', 'self-signed'),
  'a host of somebody else': stranger,
  'not answered': permits('example.com CAA (servfail)', 'unknown:dns-servfail'),
  'not answered further up than it matters': permits(`${host} CAA 0 issue "pki.goog"\nexample.com CAA (servfail)`, 'pass'),
  'port 25 cannot be reached': unreached('example.com CAA 0 issue "pki.goog"', 'pass'),
  'port 25 cannot be reached, and there is none': unreached('', 'failed'),
  ...withoutCertificates,
})
