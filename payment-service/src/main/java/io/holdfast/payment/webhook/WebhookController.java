package io.holdfast.payment.webhook;

import io.holdfast.contracts.Code;
import io.holdfast.web.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Takes the provider's notifications: checks who sent them, stores them, and says so at once. */
@RestController
class WebhookController {

  private static final Logger log = LoggerFactory.getLogger(WebhookController.class);
  private static final byte[] NOTHING = new byte[0];
  private static final String REJECTED = "payment.webhook.rejected";
  private static final String REASON = "reason";
  private static final String BAD_SIGNATURE = "signature";
  private static final String UNREADABLE = "unreadable";

  private final WebhookSignature signature;
  private final WebhookStore store;
  private final WebhookWorker worker;
  private final MeterRegistry metrics;

  WebhookController(
      WebhookSignature signature, WebhookStore store, WebhookWorker worker, MeterRegistry metrics) {
    this.signature = signature;
    this.store = store;
    this.worker = worker;
    this.metrics = metrics;
    // There from the start, so that an alert sees the first.
    metrics.counter(REJECTED, REASON, BAD_SIGNATURE);
    metrics.counter(REJECTED, REASON, UNREADABLE);
  }

  /**
   * What is said to the provider.
   *
   * @param received always true: the notification is stored
   * @param duplicate whether it had been before
   */
  record Receipt(boolean received, boolean duplicate) {}

  @PostMapping("/webhooks/stripe")
  Receipt receive(
      @RequestHeader(name = "Stripe-Signature", required = false) @Nullable String header,
      @RequestBody(required = false) byte @Nullable [] body) {
    var payload = new String(body == null ? NOTHING : body, StandardCharsets.UTF_8);
    var problem = signature.problemWith(payload, header == null ? "" : header);
    if (problem.isPresent()) {
      metrics.counter(REJECTED, REASON, BAD_SIGNATURE).increment();
      log.warn("a notification is refused: {}", problem.get());
      throw Problem.of(Code.INVALID_SIGNATURE);
    }
    var event = WebhookEvent.parsed(payload);
    if (event.isEmpty()) {
      metrics.counter(REJECTED, REASON, UNREADABLE).increment();
      throw Problem.of(Code.MALFORMED_EVENT);
    }
    boolean isNew = store.insert(event.get());
    metrics.counter("payment.webhook.received", "duplicate", String.valueOf(!isNew)).increment();
    if (isNew) {
      worker.wakeUp();
    }
    return new Receipt(true, !isNew);
  }
}
