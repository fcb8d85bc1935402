package io.holdfast.payment.reconciliation;

import io.holdfast.contracts.Code;
import io.holdfast.web.Problem;
import io.holdfast.web.Rule;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Comparisons with the provider's books over HTTP. */
@RestController
@RequestMapping("/reconciliations")
class ReconciliationController {

  private static final Duration LONGEST = Duration.ofDays(31);
  private static final int LONGEST_PAGE = 500;

  private final ReconciliationStore store;
  private final ReconciliationWorker worker;

  ReconciliationController(ReconciliationStore store, ReconciliationWorker worker) {
    this.store = store;
    this.worker = worker;
  }

  /**
   * What to compare: what was made from {@code from} until before {@code to}.
   *
   * @param to at most 31 days later, and a few minutes ago: by then all that was made before is in
   *     both books
   */
  record ReconciliationRequest(@NotNull Instant from, @NotNull Instant to) {}

  /**
   * A comparison.
   *
   * @param state RUNNING or DONE
   * @param compared how many of the provider's records were looked at
   * @param counts how many differences of each kind
   * @param differences a page of them
   * @param next what to give as {@code after} for the next page; null if this is the last
   */
  record ReconciliationBody(
      UUID id,
      Instant from,
      Instant to,
      String state,
      int attempts,
      long compared,
      @Nullable String lastError,
      Instant createdAt,
      @Nullable Instant finishedAt,
      List<ReconciliationStore.Count> counts,
      List<Difference> differences,
      @Nullable Integer next) {}

  @PostMapping
  ResponseEntity<ReconciliationBody> ask(@RequestBody @Valid ReconciliationRequest request) {
    // The database has no finer times: two that it takes for the same would be a period of nothing.
    var from = request.from().truncatedTo(ChronoUnit.MICROS);
    var to = request.to().truncatedTo(ChronoUnit.MICROS);
    if (!from.isBefore(to)) {
      throw Problem.invalid("to", Rule.LATER, "from");
    }
    if (Duration.between(from, to).compareTo(LONGEST) > 0) {
      throw Problem.invalid("to", Rule.AT_MOST_DAYS_AFTER, "from", LONGEST.toDays());
    }
    if (from.isBefore(Instant.EPOCH) || to.isAfter(worker.completeUntil())) {
      throw Problem.invalid("to", Rule.PASSED);
    }
    var id = store.insert(from, to);
    worker.wakeUp();
    return ResponseEntity.accepted()
        .header("Location", "/reconciliations/" + id)
        .body(get(id, 0, LONGEST_PAGE));
  }

  @GetMapping
  List<ReconciliationStore.View> list(
      @RequestParam(required = false) @Nullable UUID after,
      @RequestParam(defaultValue = "50") @Min(1) @Max(LONGEST_PAGE) int limit) {
    return store.newest(after, limit);
  }

  @GetMapping("/{id}")
  ReconciliationBody get(
      @PathVariable UUID id,
      @RequestParam(defaultValue = "0") @Min(0) int after,
      @RequestParam(defaultValue = "100") @Min(1) @Max(LONGEST_PAGE) int limit) {
    var view = store.view(id).orElseThrow(() -> Problem.of(Code.UNKNOWN_RECONCILIATION, id));
    var differences = store.differences(id, after, limit);
    return new ReconciliationBody(
        view.id(),
        view.from(),
        view.to(),
        view.state(),
        view.attempts(),
        view.compared(),
        view.lastError(),
        view.createdAt(),
        view.finishedAt(),
        store.counts(id),
        differences,
        differences.size() == limit ? after + limit : null);
  }
}
