package io.holdfast.payment.transfer;

import io.holdfast.messaging.RedoBatch;
import io.holdfast.participant.ConfirmOutcome;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The transfers of one batch of commands: prepared by a try, then sent or dropped. */
final class DecidedTransfers {

  private final Map<UUID, Transfer> transfers = new HashMap<>();
  private final Set<UUID> added = new HashSet<>();
  private final Set<UUID> changed = new HashSet<>();
  private final TransferStore store;
  private final TransferWorker worker;

  DecidedTransfers(Collection<Transfer> loaded, TransferStore store, TransferWorker worker) {
    loaded.forEach(transfer -> transfers.put(transfer.id(), transfer));
    this.store = store;
    this.worker = worker;
  }

  void add(Transfer transfer) {
    transfers.put(transfer.id(), transfer);
    added.add(transfer.id());
  }

  ConfirmOutcome confirm(UUID id) {
    var decided = known(id).decided();
    put(decided);
    return switch (decided.state()) {
      case SUCCEEDED -> new ConfirmOutcome.Confirmed();
      case FAILED -> new ConfirmOutcome.Declined(TransferWorker.failure(decided));
      case PREPARED, CREATED, SENDING, PENDING -> new ConfirmOutcome.Pending();
      case DROPPED ->
          throw new IllegalStateException(
              "%s %s is confirmed though dropped".formatted(decided.kind(), id));
    };
  }

  /** Returns what this has dropped; nothing if it had failed or was dropped before. */
  Optional<Transfer> cancel(UUID id) {
    var before = known(id);
    put(before.dropped());
    return Optional.of(before).filter(prepared -> prepared.state() == TransferState.PREPARED);
  }

  private Transfer known(UUID id) {
    var transfer = transfers.get(id);
    if (transfer == null) {
      throw new IllegalStateException("no transfer " + id + ", though its fence has one");
    }
    return transfer;
  }

  private void put(Transfer transfer) {
    if (!transfer.equals(transfers.put(transfer.id(), transfer))
        && !added.contains(transfer.id())) {
      changed.add(transfer.id());
    }
  }

  void save() {
    // One that is there already was stored since this batch looked: redone, it is seen.
    RedoBatch.unlessAll("transfers to insert", store.insert(inOrder(added)), added.size());
    store.updateDecided(inOrder(changed));
    if (!added.isEmpty() || !changed.isEmpty()) {
      worker.wakeUp();
    }
  }

  private List<Transfer> inOrder(Set<UUID> ids) {
    return ids.stream().map(this::known).sorted(Comparator.comparing(Transfer::id)).toList();
  }
}
