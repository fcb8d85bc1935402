package io.holdfast.saga;

import io.holdfast.contracts.Phase;
import org.jspecify.annotations.Nullable;

/**
 * One participant's side of one saga in the model: the fence row, and what the domain was made to
 * do, which outlives the row.
 *
 * @param state null: there is no row
 * @param tries how often the domain was asked to try; likewise {@code confirms} and {@code cancels}
 * @param held what the domain holds for this saga; negative if more was given back than was held
 */
record Fence(
    @Nullable FenceState state, boolean declined, int tries, int confirms, int cancels, int held) {

  static final Fence NONE = new Fence(null, false, 0, 0, 0, 0);

  Fence in(@Nullable FenceState next) {
    return new Fence(next, declined, tries, confirms, cancels, held);
  }

  Fence holding(int change) {
    return new Fence(state, declined, tries, confirms, cancels, held + change);
  }

  Fence declining() {
    return new Fence(FenceState.DECLINED, true, tries, confirms, cancels, held);
  }

  Fence asked(Phase phase) {
    return switch (phase) {
      case TRY -> new Fence(state, declined, tries + 1, confirms, cancels, held);
      case CONFIRM -> new Fence(state, declined, tries, confirms + 1, cancels, held);
      case CANCEL -> new Fence(state, declined, tries, confirms, cancels + 1, held);
    };
  }

  /** Nothing is under way or held here. */
  boolean atRest() {
    return held == 0
        && switch (state) {
          case null -> true;
          case TRYING, TRIED, CONFIRMING, DECLINED, CANCELLING -> false;
          case REFUSED, CONFIRMED, CANCELLED, EMPTY -> true;
        };
  }

  @Override
  public String toString() {
    return (state == null ? "none" : state.name())
        + (declined && state != FenceState.DECLINED ? ", declined" : "")
        + (held == 0 ? "" : " holding " + held);
  }
}
