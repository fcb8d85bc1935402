package io.holdfast.relay;

import java.util.UUID;

/**
 * One message of an outbox row.
 *
 * @param rowId the row
 * @param index the message's place in the row from 0, or {@link #WHOLE_ROW}
 */
record MessageRef(UUID rowId, int index) {

  /** Stands for all messages of a row that can't be read. */
  static final int WHOLE_ROW = -1;
}
