package io.holdfast.participant;

import io.holdfast.contracts.ParticipantContract;
import java.util.Collection;

/**
 * A service's part in a saga: what it can set aside, take and give back. A bean of this type is all
 * that a service declares; the kit reads its commands, keeps its fences, answers, and asks for the
 * outcome of old reservations.
 *
 * @param <T> body of the try command
 * @param <H> what is remembered about a reservation
 */
public interface Participant<T, H> {

  ParticipantContract<T> contract();

  /** A record that is kept as JSON with the reservation and given back on confirm and cancel. */
  Class<H> holdType();

  /**
   * Loads and locks every row that these requests and holds touch, in the order of its key, so that
   * two batches wait for each other instead of deadlocking. Called once a batch, in its
   * transaction; both collections may be empty.
   */
  Reservations<T, H> open(Collection<T> tries, Collection<H> holds);
}
