import check from '../../../src/checks/spf/record-exists.ts'
import { checkTable } from '../../check-table.ts'
import { servers, zone } from '../dns/zone.ts'

const without = zone.replace('example.com TXT "v=spf1 mx -all"', '')

checkTable(check, {
  'the zone’s own servers have one': {
    zone: `${without}\n; at ${servers.ns1} example.com TXT "v=spf1 mx -all"\n; at ${servers.ns2} example.com TXT "v=spf1 mx -all"`,
    expect: { 'example.com': 'unknown:split-view' },
  },
  'one of the zone’s own servers has one': { zone: `${without}\n; at ${servers.ns1} example.com TXT "v=spf1 mx -all"`, expect: { 'example.com': 'failed' } },
  'the zone’s own servers have none either': { zone: without, expect: { 'example.com': 'failed' } },
  'a record': {
    zone: 'example.com TXT "v=spf1 mx -all"\nexample.com MX 10 mx1.example.com',
    expect: { 'example.com': 'pass' },
  },
  'a domain with mail and no record': {
    zone: 'example.com MX 10 mx1.example.com',
    expect: { 'example.com': 'failed' },
    args: { 'example.com': { domain: 'example.com' } },
  },
  'other TXT records, and near misses, are none': {
    zone: `
      example.com MX 10 mx1.example.com
      example.com TXT "site-verification=abc"
      example.com TXT "v=spf10 -all"
      example.com TXT " v=spf1 -all"`,
    expect: { 'example.com': 'failed' },
  },
  'the version alone, in capitals, is a record': {
    zone: 'example.com TXT "V=SPF1"',
    expect: { 'example.com': 'pass' },
  },
  'the version in one string and the rest in another, without a space, is none': {
    zone: 'example.com MX 10 mx1.example.com\nexample.com TXT "v=spf1" "mx -all"',
    expect: { 'example.com': 'failed' },
  },
  'a domain that neither receives nor sends': {
    zone: 'example.com MX 0 .',
    expect: { 'example.com': 'skip' },
  },
  'a web site without mail': {
    zone: 'example.com A 192.0.2.1',
    expect: { 'example.com': 'skip' },
  },
  'a domain that says of itself that it sends': {
    zone: 'example.com MX 0 .',
    scope: { context: { sending: 'yes' } },
    expect: { 'example.com': 'failed' },
  },
  'a name that does not exist': {
    zone: 'example.net MX 0 .',
    expect: { 'example.com': 'skip' },
  },
  'TXT is not answered': {
    zone: 'example.com MX 10 mx1.example.com\nexample.com TXT (servfail)',
    expect: { 'example.com': 'unknown:dns-servfail' },
  },
  'MX is not answered, so nobody knows whether it sends': {
    zone: 'example.com MX (timeout)',
    expect: { 'example.com': 'unknown:dns-timeout' },
  },
})
