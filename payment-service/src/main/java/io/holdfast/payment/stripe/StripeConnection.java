package io.holdfast.payment.stripe;

import com.stripe.StripeClient;
import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.net.RequestOptions;
import com.stripe.service.V1Services;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;

/** Stripe's client library over our own transport, shared by all that talk to the provider. */
final class StripeConnection implements AutoCloseable {

  private final StripeTransport transport;
  private final Duration answerLimit;
  private final StripeClient client;

  /**
   * @param apiBase where the API is
   * @param connectLimit for the connection
   * @param answerLimit for request and whole answer
   */
  StripeConnection(String apiBase, String apiKey, Duration connectLimit, Duration answerLimit) {
    this.transport = new StripeTransport(connectLimit);
    this.answerLimit = answerLimit;
    this.client =
        StripeClient.builder()
            .setApiBase(apiBase)
            .setApiKey(apiKey)
            .setHttpClient(transport)
            .setReadTimeout((int) answerLimit.toMillis())
            .setMaxNetworkRetries(0)
            .build();
  }

  V1Services v1() {
    return client.v1();
  }

  static RequestOptions key(String idempotencyKey) {
    return RequestOptions.builder().setIdempotencyKey(idempotencyKey).build();
  }

  /** For a request that has no more time than {@code left}. */
  RequestOptions within(Duration left) {
    var limit = left.compareTo(answerLimit) < 0 ? left : answerLimit;
    return RequestOptions.builder().setReadTimeout((int) Math.max(1, limit.toMillis())).build();
  }

  /** Whether the provider says that there is nothing of that name. */
  static boolean isMissing(StripeException e) {
    return e.getStatusCode() != null && e.getStatusCode() == 404;
  }

  /** Whether the request cannot have reached the provider. */
  static boolean neverLeft(ApiConnectionException e) {
    return e.getCause() instanceof ConnectException
        || e.getCause() instanceof HttpConnectTimeoutException;
  }

  /** Whether another request with the same key is under way. */
  static boolean conflicts(InvalidRequestException e) {
    return e.getStatusCode() != null && e.getStatusCode() == 409;
  }

  static String checkTheKey(StripeException e) {
    return "the payment provider refuses our key (check holdfast.payment.api-key): " + message(e);
  }

  static String message(StripeException e) {
    return String.valueOf(e.getMessage());
  }

  @Override
  public void close() {
    transport.close();
  }
}
