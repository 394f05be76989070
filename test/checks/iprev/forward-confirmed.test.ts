import check from '../../../src/checks/iprev/forward-confirmed.ts'
import { checkTable } from '../../check-table.ts'
import { declared, reverse6, sending } from './senders.ts'

const ptr = (name: string): string => `${sending}\n25.9.9.9.in-addr.arpa PTR ${name}`

checkTable(check, {
  'it leads back': { zone: ptr('mx1.example.com'), expect: { '9.9.9.25': 'pass' } },
  'it leads elsewhere': {
    zone: `${ptr('www.example.com')}\nwww.example.com A 9.9.9.80\nwww.example.com AAAA 2620:fe::80`, expect: { '9.9.9.25': 'failed' },
    args: { '9.9.9.25': { address: '9.9.9.25', name: 'www.example.com', addresses: ['9.9.9.80', '2620:fe::80'], count: 1 } },
  },
  'it leads nowhere': {
    zone: ptr('gone.example.com'), expect: { '9.9.9.25': 'nowhere' }, args: { '9.9.9.25': { address: '9.9.9.25', name: 'gone.example.com', count: 1 } },
  },
  'one of several names is enough': { zone: `${ptr('www.example.com')}\nwww.example.com A 9.9.9.80\n25.9.9.9.in-addr.arpa PTR mx1.example.com`, expect: { '9.9.9.25': 'pass' } },
  'in another spelling': {
    zone: `${reverse6} PTR out.example.com\nout.example.com AAAA 2620:00fe:0:0::7`, scope: { senders: [{ address: '2620:FE::0007' }] }, expect: { '2620:FE::0007': 'pass' },
  },
  'no name': { zone: sending, scope: declared, expect: { '9.9.9.25': 'skip', '9.9.9.7': 'skip', '2620:fe::7': 'skip' } },
  'the name cannot be looked up': { zone: `${ptr('www.example.com')}\nwww.example.com A (timeout)`, expect: { '9.9.9.25': 'unknown:dns-timeout' } },
  'the reverse name cannot be asked': { zone: `${sending}\n25.9.9.9.in-addr.arpa PTR (servfail)`, expect: { '9.9.9.25': 'unknown:dns-servfail' } },
  'a resolver that fails': { zone: 'example.com MX (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
})
