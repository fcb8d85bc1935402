package io.holdfast.order;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.holdfast.contracts.Code;
import io.holdfast.contracts.Reason;
import io.holdfast.web.ProblemTexts;
import io.holdfast.web.Rule;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Changes of many orders at once, with a result for each that was named. */
@RestController
class BulkController {

  private final CancelHandler cancellations;
  private final ProblemTexts texts;

  BulkController(CancelHandler cancellations, ProblemTexts texts) {
    this.cancellations = cancellations;
    this.texts = texts;
  }

  /**
   * Body of {@code POST /orders/bulk-cancel}.
   *
   * @param customerId whose orders they have to be; left out: anybody's
   */
  record CancelRequest(
      @Nullable UUID customerId,
      @NotEmpty @Size(max = 500)
          List<
                  @NotNull @Size(max = 64) @Pattern(regexp = Texts.PLAIN, message = Rule.PLAIN_TEXT)
                  String>
              orderIds) {}

  /** What became of one item. */
  enum Result {
    CANCELLED(null),
    /** The saga is asked; the order itself tells whether it came in time. */
    IN_PROGRESS(null),
    /** Confirmed: a refund can be asked for. */
    TOO_LATE(Code.TOO_LATE),
    ALREADY_REJECTED(Code.ALREADY_REJECTED),
    UNKNOWN_ORDER(Code.UNKNOWN_ORDER);

    private final @Nullable Code refusal;

    Result(@Nullable Code refusal) {
      this.refusal = refusal;
    }
  }

  /**
   * @param orderId as it was written in the request
   * @param reason why it will not be cancelled; null if it will
   */
  record Item(
      String orderId,
      Result result,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Reason reason) {}

  /**
   * @param failed how many of the items will not be cancelled
   */
  record Results(List<Item> results, int failed) {}

  /** Asks for the cancellation of all; the results are in the order of the request. */
  @PostMapping("/orders/bulk-cancel")
  Results cancel(@Valid @RequestBody CancelRequest request) {
    var ids = new LinkedHashSet<UUID>();
    request.orderIds().forEach(id -> OrderIds.find(id).ifPresent(ids::add));
    var states = cancellations.requestAll(ids, request.customerId());
    var results = new ArrayList<Item>();
    int failed = 0;
    for (var id : request.orderIds()) {
      var parsed = OrderIds.find(id);
      var result = result(parsed.isPresent() ? states.get(parsed.get()) : null);
      var refusal = result.refusal;
      results.add(new Item(id, result, refusal == null ? null : texts.reason(refusal)));
      failed += refusal == null ? 0 : 1;
    }
    return new Results(results, failed);
  }

  private static Result result(@Nullable OrderState state) {
    return switch (state) {
      case null -> Result.UNKNOWN_ORDER;
      case PENDING -> Result.IN_PROGRESS;
      case CANCELLED -> Result.CANCELLED;
      case CONFIRMED -> Result.TOO_LATE;
      case REJECTED -> Result.ALREADY_REJECTED;
    };
  }
}
