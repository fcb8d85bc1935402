package io.holdfast.payment.sandbox;

import io.holdfast.contracts.Code;
import io.holdfast.payment.sandbox.SandboxNotices.Sends;
import io.holdfast.payment.sandbox.SandboxNotices.Settings;
import io.holdfast.web.Problem;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What people see of the sandbox, and how they tell it to misbehave. */
@RestController
@ConditionalOnProperty("holdfast.payment.sandbox.enabled")
@RequestMapping("/sandbox")
class SandboxDeskController {

  private final SandboxTransfers transfers;
  private final SandboxNotices notices;
  private final byte[] page;

  SandboxDeskController(SandboxTransfers transfers, SandboxNotices notices) throws IOException {
    this.transfers = transfers;
    this.notices = notices;
    this.page = new ClassPathResource("sandbox-page.html").getContentAsByteArray();
  }

  /** The page of its state. */
  @GetMapping(produces = MediaType.TEXT_HTML_VALUE)
  ResponseEntity<byte[]> page() {
    return ResponseEntity.ok()
        .contentType(MediaType.parseMediaType("text/html;charset=UTF-8"))
        .body(page);
  }

  /** A refund or payout at the sandbox. */
  record Movement(
      String id,
      Instant created,
      String status,
      long amountMinor,
      String currency,
      @Nullable String paymentIntent,
      @Nullable String destination,
      Map<String, String> metadata) {}

  @GetMapping("/refunds")
  List<Movement> refunds() {
    return movements(SandboxTransfer.REFUND);
  }

  @GetMapping("/payouts")
  List<Movement> payouts() {
    return movements(SandboxTransfer.PAYOUT);
  }

  private List<Movement> movements(String object) {
    return transfers.newest(object).stream()
        .map(
            found ->
                new Movement(
                    found.id(),
                    found.created(),
                    found.status(),
                    found.amount(),
                    found.currency(),
                    found.paymentIntent(),
                    found.destination(),
                    found.metadata()))
        .toList();
  }

  /**
   * The sandbox's notifications.
   *
   * @param settings how it notifies
   * @param events the newest, with what became of them
   */
  record Notices(Settings settings, List<SandboxNoticeStore.Event> events) {}

  @GetMapping("/webhooks")
  Notices webhooks() {
    return new Notices(notices.settings(), notices.newest());
  }

  /**
   * How to notify from now on; see {@link Settings}.
   *
   * @param copies at most 100
   */
  record SettingsRequest(
      @NotNull Sends sends,
      @Min(0) @Max(600_000) int delayMillis,
      @Min(1) @Max(100) int copies,
      boolean shuffled,
      boolean forged) {}

  @PutMapping("/webhooks")
  Notices change(@RequestBody @Valid SettingsRequest request) {
    notices.change(
        new Settings(
            request.sends(),
            request.delayMillis(),
            request.copies(),
            request.shuffled(),
            request.forged()));
    return webhooks();
  }

  /**
   * More deliveries of one event.
   *
   * @param forged whether signed with a secret that is not the provider's
   * @param ageSeconds how old the signature pretends to be
   * @param amountMinor another amount than the right one, as an event of its own; null for the
   *     right one
   */
  record DeliveryRequest(
      @Min(1) @Max(200) int copies,
      boolean forged,
      @Min(0) @Max(86_400) int ageSeconds,
      @Min(1) @Nullable Long amountMinor) {}

  @PostMapping("/webhooks/{eventId}/deliveries")
  ResponseEntity<DeliveryRequest> deliver(
      @PathVariable String eventId, @RequestBody @Valid DeliveryRequest request) {
    if (!notices.deliverAgain(
        eventId, request.copies(), request.forged(), request.ageSeconds(), request.amountMinor())) {
      throw Problem.of(Code.UNKNOWN_EVENT, eventId);
    }
    return ResponseEntity.accepted().body(request);
  }
}
