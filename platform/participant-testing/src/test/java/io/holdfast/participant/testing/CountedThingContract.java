package io.holdfast.participant.testing;

import io.holdfast.messaging.UuidV7;
import io.holdfast.participant.testing.CountedThings.Some;
import io.holdfast.testing.HoldfastTest;
import org.springframework.beans.factory.annotation.Autowired;

/** The contract suite on counted things. */
@HoldfastTest("spring.config.name=theatre-test")
abstract class CountedThingContract extends ParticipantContractTest<Some> {

  @Autowired private CountedThingStore store;

  @Override
  protected Resource<Some> resource(long units) {
    var things = new Things(store, UuidV7.next().toString());
    things.supply(units);
    return things;
  }

  @Override
  protected int domainStatementsPerBatch() {
    return 2;
  }

  private record Things(CountedThingStore store, String key) implements Resource<Some> {

    @Override
    public Some request(long units) {
      return new Some(key, units);
    }

    @Override
    public void supply(long units) {
      store.supply(key, units);
    }

    @Override
    public long held() {
      return store.find(key).orElseThrow().held();
    }

    @Override
    public long taken() {
      return store.find(key).orElseThrow().taken();
    }
  }
}
