package io.holdfast.payment.sandbox;

import io.holdfast.payment.sandbox.SandboxAnswers.Outcome;
import io.holdfast.web.AnyParameters;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The sandbox over HTTP: Stripe's addresses under {@code /sandbox/v1}, and a list for people. */
@RestController
@AnyParameters
@ConditionalOnProperty("holdfast.payment.sandbox.enabled")
@RequestMapping("/sandbox")
class SandboxController {

  private static final String INTENTS = "/v1/payment_intents";
  private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
  private static final String TEST_KEY = "Bearer sk_test_";

  private static final String REFUNDS = "/v1/refunds";
  private static final String PAYOUTS = "/v1/payouts";

  private final Sandbox sandbox;
  private final SandboxTransfers transfers;

  SandboxController(Sandbox sandbox, SandboxTransfers transfers) {
    this.sandbox = sandbox;
    this.transfers = transfers;
  }

  @PostMapping(INTENTS)
  ResponseEntity<String> create(
      @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String caller,
      @RequestHeader(name = IDEMPOTENCY_KEY, required = false) @Nullable String key,
      @RequestParam Map<String, String> form) {
    return onlyTo(caller, () -> sandbox.create(key, form));
  }

  @PostMapping(INTENTS + "/{id}/capture")
  ResponseEntity<String> capture(
      @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String caller,
      @RequestHeader(name = IDEMPOTENCY_KEY, required = false) @Nullable String key,
      @PathVariable String id,
      @RequestParam Map<String, String> form) {
    return onlyTo(caller, () -> sandbox.capture(key, id, form));
  }

  @PostMapping(INTENTS + "/{id}/cancel")
  ResponseEntity<String> cancel(
      @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String caller,
      @RequestHeader(name = IDEMPOTENCY_KEY, required = false) @Nullable String key,
      @PathVariable String id) {
    return onlyTo(caller, () -> sandbox.cancel(key, id));
  }

  @GetMapping(INTENTS + "/{id}")
  ResponseEntity<String> retrieve(
      @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String caller,
      @PathVariable String id) {
    return onlyTo(caller, () -> Outcome.of(sandbox.retrieve(id)));
  }

  @GetMapping(INTENTS + "/search")
  ResponseEntity<String> search(
      @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String caller,
      @RequestParam(defaultValue = "") String query,
      @RequestParam(defaultValue = "10") int limit) {
    return onlyTo(
        caller,
        () -> Outcome.of(sandbox.search(query, Math.clamp(limit, 1, Sandbox.LONGEST_LIST))));
  }

  @GetMapping(INTENTS)
  ResponseEntity<String> list(
      @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String caller,
      @RequestParam(name = "created[gte]", defaultValue = "0") long from,
      @RequestParam(name = "created[lte]", defaultValue = "9999999999") long to,
      @RequestParam(name = "starting_after", required = false) @Nullable String after,
      @RequestParam(defaultValue = "10") int limit) {
    var reply =
        sandbox.list(
            Instant.ofEpochSecond(from),
            Instant.ofEpochSecond(to + 1),
            after,
            Math.clamp(limit, 1, Sandbox.LONGEST_LIST));
    return onlyTo(caller, () -> Outcome.of(reply));
  }

  @PostMapping(REFUNDS)
  ResponseEntity<String> refund(
      @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String caller,
      @RequestHeader(name = IDEMPOTENCY_KEY, required = false) @Nullable String key,
      @RequestParam Map<String, String> form) {
    return onlyTo(caller, () -> transfers.refund(key, form));
  }

  @PostMapping(PAYOUTS)
  ResponseEntity<String> payOut(
      @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String caller,
      @RequestHeader(name = IDEMPOTENCY_KEY, required = false) @Nullable String key,
      @RequestParam Map<String, String> form) {
    return onlyTo(caller, () -> transfers.payOut(key, form));
  }

  @GetMapping(REFUNDS + "/{id}")
  ResponseEntity<String> retrieveRefund(
      @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String caller,
      @PathVariable String id) {
    return onlyTo(caller, () -> Outcome.of(transfers.retrieve(SandboxTransfer.REFUND, id)));
  }

  @GetMapping(PAYOUTS + "/{id}")
  ResponseEntity<String> retrievePayout(
      @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String caller,
      @PathVariable String id) {
    return onlyTo(caller, () -> Outcome.of(transfers.retrieve(SandboxTransfer.PAYOUT, id)));
  }

  @GetMapping(REFUNDS)
  ResponseEntity<String> listRefunds(
      @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String caller,
      @RequestParam(name = "created[gte]", defaultValue = "0") long from,
      @RequestParam(name = "created[lte]", defaultValue = "9999999999") long to,
      @RequestParam(name = "payment_intent", required = false) @Nullable String intent,
      @RequestParam(name = "starting_after", required = false) @Nullable String after,
      @RequestParam(defaultValue = "10") int limit) {
    return onlyTo(
        caller, () -> Outcome.of(listed(SandboxTransfer.REFUND, from, to, intent, after, limit)));
  }

  @GetMapping(PAYOUTS)
  ResponseEntity<String> listPayouts(
      @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String caller,
      @RequestParam(name = "created[gte]", defaultValue = "0") long from,
      @RequestParam(name = "created[lte]", defaultValue = "9999999999") long to,
      @RequestParam(name = "starting_after", required = false) @Nullable String after,
      @RequestParam(defaultValue = "10") int limit) {
    return onlyTo(
        caller, () -> Outcome.of(listed(SandboxTransfer.PAYOUT, from, to, null, after, limit)));
  }

  private SandboxReply listed(
      String object,
      long from,
      long to,
      @Nullable String intent,
      @Nullable String after,
      int limit) {
    return transfers.list(
        object,
        Instant.ofEpochSecond(from),
        Instant.ofEpochSecond(to + 1),
        intent,
        after,
        Math.clamp(limit, 1, Sandbox.LONGEST_LIST));
  }

  /** What a person sees of a payment or top-up at the sandbox. */
  record Intent(
      String id,
      Instant created,
      String status,
      long amountMinor,
      long capturedMinor,
      long refundedMinor,
      String currency,
      String paymentMethod,
      Map<String, String> metadata) {}

  @GetMapping("/payment_intents")
  List<Intent> newest() {
    return sandbox.newest().stream()
        .map(
            intent ->
                new Intent(
                    intent.id(),
                    intent.created(),
                    intent.status().wire(),
                    intent.amount(),
                    intent.amountReceived(),
                    intent.amountRefunded(),
                    intent.currency(),
                    intent.paymentMethod(),
                    intent.metadata()))
        .toList();
  }

  private static ResponseEntity<String> onlyTo(@Nullable String caller, Supplier<Outcome> request) {
    if (caller == null || !caller.startsWith(TEST_KEY)) {
      return written(
          Outcome.of(
              SandboxReply.error(
                  401,
                  "invalid_request_error",
                  "api_key_invalid",
                  "The sandbox takes only keys that begin with sk_test_.")));
    }
    return written(request.get());
  }

  /**
   * An answer that is announced longer than it is makes the server close the connection, and the
   * client see it break off.
   */
  private static ResponseEntity<String> written(Outcome outcome) {
    var reply = outcome.reply();
    int length = reply.body().getBytes(StandardCharsets.UTF_8).length;
    var response =
        ResponseEntity.status(reply.status())
            .contentType(MediaType.APPLICATION_JSON)
            .contentLength(outcome.lost() ? length + 1 : length);
    if (outcome.lost()) {
      response.header("Connection", "close");
    }
    if (outcome.replayed()) {
      response.header("Idempotent-Replayed", "true");
    }
    return response.body(reply.body());
  }
}
