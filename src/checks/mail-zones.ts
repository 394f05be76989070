/** The zones that the checks of DNSSEC judge: the domain's own, and those that its MX hosts lie in. */
import type { MailZone, ZonesFacts } from '../probes/dnssec.ts'

export const mailZones = {
  over: ({ zones }: { readonly zones: ZonesFacts }): readonly MailZone[] => zones.zones,
}

export const noZones = 'the domain does not exist'
