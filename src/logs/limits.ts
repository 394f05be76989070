/** From where on something is worth telling. Each can be said on the command line and in the configuration. */
export interface LogLimits {
  /** Milliseconds over which is counted. */
  readonly window: number
  /** Failed logins of one source, or at one account, within the window. Ten times as many within a day count as well. */
  readonly authFailures: number
  /** Accounts that one source tries within its failures. */
  readonly sprayedAccounts: number
  /** Recipients that one account writes to within the window. */
  readonly sending: number
  /** And how many times that is of the most it ever did before. */
  readonly sendingFactor: number
}

export const defaultLimits: LogLimits = { window: 3_600_000, authFailures: 10, sprayedAccounts: 5, sending: 100, sendingFactor: 5 }

export const day = 86_400_000
