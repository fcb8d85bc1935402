package io.holdfast.relay;

import java.time.Instant;

/**
 * What a relay is doing.
 *
 * @param role its part among the relays of the database
 * @param detail why, in a sentence for an operator
 * @param since when this began
 */
public record RelayState(Role role, String detail, Instant since) {

  /** A relay's part among those of its database. */
  public enum Role {
    /** Not run yet, or stopped. */
    STOPPED,
    /** Another relay moves the rows; this one takes over when it is gone. */
    STANDBY,
    /** Has the slot or is taking it: publishing kept rows again, or starting its engine. */
    STARTING,
    /** Moves the rows. */
    LEADER,
    /** Can't move rows at present and keeps trying. */
    DOWN
  }
}
