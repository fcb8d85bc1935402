package io.holdfast.benchmarks.micro;

import io.holdfast.contracts.Phase;
import io.holdfast.contracts.Reply;
import io.holdfast.saga.Decision;
import io.holdfast.saga.SagaEvent;
import io.holdfast.saga.SagaEvent.Replied;
import io.holdfast.saga.SagaMachine;
import io.holdfast.saga.SagaPlan;
import io.holdfast.saga.Steps;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The decisions of one saga. */
@State(Scope.Benchmark)
public class DecisionBenchmark {

  /** Two steps in parallel, as an order without a card has them. */
  private static final class TwoInParallel implements SagaPlan {

    private static final Steps BOTH = Steps.of(0).with(Steps.of(1));

    @Override
    public int stageCount() {
      return 1;
    }

    @Override
    public int decisionStage() {
      return 1;
    }

    @Override
    public Steps activeIn(int stage) {
      return BOTH;
    }

    @Override
    public Steps pivot() {
      return Steps.NONE;
    }

    @Override
    public Steps awaited() {
      return Steps.NONE;
    }
  }

  private final SagaPlan plan = new TwoInParallel();
  private final SagaEvent[] replies = {
    new Replied(0, Phase.TRY, Reply.Done.WITHOUT_DATA),
    new Replied(1, Phase.TRY, Reply.Done.WITHOUT_DATA),
    new Replied(0, Phase.CONFIRM, Reply.Done.WITHOUT_DATA),
    new Replied(1, Phase.CONFIRM, Reply.Done.WITHOUT_DATA)
  };

  /** From the start to the end: five decisions. */
  @Benchmark
  public Decision wholeSaga() {
    var decision = SagaMachine.start(plan);
    for (var reply : replies) {
      decision = SagaMachine.decide(plan, decision.next(), reply);
    }
    return decision;
  }
}
