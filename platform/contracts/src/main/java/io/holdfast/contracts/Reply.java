package io.holdfast.contracts;

import org.jspecify.annotations.Nullable;

/**
 * A participant's answer to one command. Which step, phase and attempt it answers travels in the
 * envelope.
 */
public sealed interface Reply {

  /**
   * The phase is done, now or earlier.
   *
   * @param data what later steps may need to know, as JSON; null when there is nothing to tell
   */
  record Done(@Nullable String data) implements Reply {
    public static final Done WITHOUT_DATA = new Done(null);
  }

  /**
   * A business refusal: the saga compensates, nobody retries. Once refused, a step stays refused.
   */
  record Refused(Reason reason) implements Reply {}

  /**
   * The command contradicts what the participant did before, such as a confirm without a try.
   * Nothing was changed; an operator has to look.
   */
  record Conflict(Reason reason) implements Reply {}
}
