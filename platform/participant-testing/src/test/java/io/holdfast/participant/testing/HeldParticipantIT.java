package io.holdfast.participant.testing;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.participant.testing.CountedThings.Some;

/** The kit keeps the contract for a participant that sets aside. */
class HeldParticipantIT extends CountedThingContract {

  @Override
  protected ParticipantContract<Some> contract() {
    return TheatreTestApplication.SEATS;
  }
}
