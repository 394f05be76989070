/** Runs an evaluator against the network: the questions that it yields together are asked together. */
import { outcome, type Answer, type Network, type Outcome, type Question } from '../network/network.ts'

/** An algorithm over DNS that does no I/O itself: it yields questions, is handed their answers in order, and returns. */
export type Evaluator<R> = Generator<readonly Question[], R, readonly Outcome<Answer>[]>

export async function drive<R>(evaluator: Evaluator<R>, network: Network): Promise<R> {
  let step = evaluator.next()
  while (!step.done) step = evaluator.next(await Promise.all(step.value.map(question => outcome(network.query(question)))))
  return step.value
}
