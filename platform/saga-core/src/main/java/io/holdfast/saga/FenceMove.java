package io.holdfast.saga;

import io.holdfast.contracts.Phase;

/** What a participant has to do with a command, given what it did before. */
public enum FenceMove {
  /** Do it: ask the domain. */
  APPLY,
  /** Nothing was tried and nothing will be: leave a tombstone and answer that it is done. */
  ENTOMB,
  /** Done before: say so again, change nothing. */
  REPEAT_DONE,
  /** Refused or declined before: say so again with the same reason, change nothing. */
  REPEAT_REFUSED,
  /** Cancelled before: refuse the late try. */
  REFUSE_LATE_TRY,
  /** The same command is under way: its answer will follow. */
  AWAIT,
  /**
   * No try is known. Either it is not visible yet, then the batch is redone, or it never came, then
   * it is a conflict.
   */
  MISSING_TRY,
  /** Contradicts what was done: change nothing, call an operator. */
  CONFLICT;

  /** The first command of a step. */
  public static FenceMove first(Phase phase) {
    return switch (phase) {
      case TRY -> APPLY;
      case CONFIRM -> MISSING_TRY;
      case CANCEL -> ENTOMB;
    };
  }

  /**
   * A command for a step that is known.
   *
   * @param declined whether a confirm was declined earlier; then a repeated confirm is refused
   *     again, also after the cancel that followed
   */
  public static FenceMove next(FenceState state, boolean declined, Phase phase) {
    return switch (phase) {
      case TRY ->
          switch (state) {
            case TRYING -> AWAIT;
            case TRIED, CONFIRMING, CONFIRMED, DECLINED -> REPEAT_DONE;
            case REFUSED -> REPEAT_REFUSED;
            case CANCELLING, CANCELLED, EMPTY -> REFUSE_LATE_TRY;
          };
      case CONFIRM ->
          switch (state) {
            case TRIED -> APPLY;
            case CONFIRMING -> AWAIT;
            case CONFIRMED -> REPEAT_DONE;
            case DECLINED -> REPEAT_REFUSED;
            case CANCELLING, CANCELLED -> declined ? REPEAT_REFUSED : CONFLICT;
            case TRYING, REFUSED, EMPTY -> CONFLICT;
          };
      case CANCEL ->
          switch (state) {
            case TRYING, TRIED, DECLINED -> APPLY;
            case CANCELLING -> AWAIT;
            case REFUSED, CANCELLED, EMPTY -> REPEAT_DONE;
            case CONFIRMING, CONFIRMED -> CONFLICT;
          };
    };
  }
}
