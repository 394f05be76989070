import check from '../../../src/checks/mx-tls/nothing-injected-before-tls.ts'
import { checkTable } from '../../check-table.ts'
import { shaking, upgrading, withoutTls } from './hosts.ts'

const where = { host: 'mx1.example.com', address: '192.0.2.1' }

checkTable(check, {
  'nothing': shaking('', 'pass'),
  'a reply to a command that was not sent yet': upgrading('* injected "250 evil\\x0d\\x0a"\n* tls\nC: EHLO *', 'failed', { ...where, bytes: 10, text: '250 evil' }),
  'words in place of the handshake': upgrading('* injected "500 what?\\x0d\\x0a"\n* handshake', 'failed', { ...where, bytes: 11, text: '500 what?' }),
  'octets that are no text': upgrading('* injected "\\x00\\x1b[31m"\n* tls\nC: EHLO *', 'failed', { ...where, bytes: 6, text: '\0\x1b[31m' }),
  ...withoutTls,
})
