/** What the user may say already, and what as yet changes nothing: silence about it would be a promise. */
import type { Check } from '../checks/define.ts'
import type { Permission } from '../scope.ts'
import type { CheckFlags } from './flags.ts'

type PermissionFlags = Pick<CheckFlags, 'own' | 'login' | 'tls-scan' | 'lists' | 'third-parties' | 'state' | 'message' | 'reports'>

export function permissionsOf(flags: PermissionFlags): Permission[] {
  return [
    ...(flags.own ? ['own' as const] : []), ...(flags.login ? ['login' as const] : []), ...(flags['tls-scan'] ? ['tlsScan' as const] : []),
    ...(flags.lists ? ['lists' as const] : []), ...(flags['third-parties'] ? ['thirdParties' as const] : []),
    ...(flags.state === undefined ? [] : ['state' as const]), ...(flags.message === undefined ? [] : ['message' as const]),
    ...(flags.reports === undefined ? [] : ['reports' as const]),
  ]
}

/** One line, or nothing: a permission without a check that needs it, a flag of a later version. */
export function withoutEffect(flags: CheckFlags, checks: readonly Check[]): string | undefined {
  const used = new Set(checks.map(({ requires }) => requires))
  const idle = [
    ...permissionsOf(flags).filter(permission => !used.has(permission)).map(permission => `--${permission.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`),
  ]
  return idle.length === 0 ? undefined : `accepted, but without effect in this version: ${idle.join(', ')}`
}
