/** Runs an evaluator against the network: the questions that it yields together are asked together. */
import { outcome, type Answer, type Failure, type Network, type Outcome, type Question } from '../network/network.ts'

/** An algorithm over DNS that does no I/O itself: it yields questions, is handed their answers in order, and returns. */
export type Evaluator<R> = Generator<readonly Question[], R, readonly Outcome<Answer>[]>

/** `onFailure` hears of every question that was not answered. */
export async function drive<R>(evaluator: Evaluator<R>, network: Network, onFailure?: (failure: Failure) => void): Promise<R> {
  let step = evaluator.next()
  while (!step.done) {
    const only = step.value.length === 1 ? step.value[0] : undefined
    const outcomes = only ? [await outcome(network.query(only))]
      : await Promise.all(step.value.map(question => outcome(network.query(question))))
    for (const answer of outcomes) if ('problem' in answer) onFailure?.(answer.problem)
    step = evaluator.next(outcomes)
  }
  return step.value
}
