package io.holdfast.participant.testing;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.participant.testing.CountedThings.Some;

/** The kit keeps the contract for a participant whose try is done for good. */
class SettledParticipantIT extends CountedThingContract {

  @Override
  protected ParticipantContract<Some> contract() {
    return TheatreTestApplication.FLYERS;
  }

  @Override
  protected boolean settles() {
    return true;
  }
}
