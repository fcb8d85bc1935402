package io.holdfast.participant.testing;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.participant.CancelOutcome;
import io.holdfast.participant.ConfirmOutcome;
import io.holdfast.participant.Participant;
import io.holdfast.participant.Reservations;
import io.holdfast.participant.TryOutcome;
import io.holdfast.participant.testing.CountedThings.Some;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** The smallest participant: things that are counted, set aside or given out at once. */
final class CountedThings implements Participant<Some, Some> {

  private final ParticipantContract<Some> contract;
  private final boolean settles;
  private final CountedThingStore store;

  /**
   * @param settles whether a try gives them out for good
   */
  CountedThings(ParticipantContract<Some> contract, boolean settles, CountedThingStore store) {
    this.contract = contract;
    this.settles = settles;
    this.store = store;
  }

  /** So many of one thing. */
  record Some(String key, long count) {}

  @Override
  public ParticipantContract<Some> contract() {
    return contract;
  }

  @Override
  public Class<Some> holdType() {
    return Some.class;
  }

  @Override
  public Reservations<Some, Some> open(Collection<Some> tries, Collection<Some> holds) {
    var keys = new HashSet<String>();
    tries.forEach(request -> keys.add(request.key()));
    holds.forEach(hold -> keys.add(hold.key()));
    return new Batch(store.lock(keys));
  }

  private final class Batch implements Reservations<Some, Some> {

    private final Map<String, CountedThing> things;

    Batch(Map<String, CountedThing> things) {
      this.things = things;
    }

    @Override
    public TryOutcome<Some> hold(SagaId saga, Some request) {
      var thing = things.get(request.key());
      if (thing == null || thing.available() < request.count()) {
        return new TryOutcome.Refused<>(new Reason("NOT_ENOUGH", "not enough: " + request.key()));
      }
      var held = thing.hold(request.count());
      things.put(held.key(), settles ? held.take(request.count()) : held);
      return settles ? new TryOutcome.Settled<>(request) : new TryOutcome.Held<>(request, request);
    }

    @Override
    public ConfirmOutcome confirm(SagaId saga, Some hold) {
      things.computeIfPresent(hold.key(), (_, thing) -> thing.take(hold.count()));
      return new ConfirmOutcome.Confirmed();
    }

    @Override
    public CancelOutcome cancel(SagaId saga, Some hold) {
      things.computeIfPresent(hold.key(), (_, thing) -> thing.release(hold.count()));
      return new CancelOutcome.Cancelled();
    }

    @Override
    public void save() {
      store.save(List.copyOf(things.values()));
    }
  }
}
