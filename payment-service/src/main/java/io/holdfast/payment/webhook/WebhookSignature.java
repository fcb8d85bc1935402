package io.holdfast.payment.webhook;

import com.stripe.exception.SignatureVerificationException;
import com.stripe.net.Webhook;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Whether a notification comes from the provider: by its signature over the bytes that came. */
final class WebhookSignature {

  private final List<String> secrets;
  private final Duration tolerance;

  /**
   * @param secrets any of which may have signed, several while they are changed
   * @param tolerance how old a signature may be
   */
  WebhookSignature(List<String> secrets, Duration tolerance) {
    this.secrets = List.copyOf(secrets);
    this.tolerance = tolerance;
  }

  /** Why it is not to be believed; nothing if it is. */
  Optional<String> problemWith(String body, String header) {
    String problem = "no secret is configured (holdfast.payment.webhook.secrets)";
    for (String secret : secrets) {
      try {
        if (Webhook.Signature.verifyHeader(body, header, secret, tolerance.toSeconds())) {
          return Optional.empty();
        }
      } catch (SignatureVerificationException e) {
        problem = String.valueOf(e.getMessage());
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
        // So the library says that a header is not of the right form.
        problem = "the header Stripe-Signature is not of the form t=...,v1=...";
      }
    }
    return Optional.of(problem);
  }
}
