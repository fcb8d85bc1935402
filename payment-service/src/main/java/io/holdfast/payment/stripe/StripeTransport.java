package io.holdfast.payment.stripe;

import com.stripe.exception.ApiConnectionException;
import com.stripe.net.HttpHeaders;
import com.stripe.net.StripeRequest;
import com.stripe.net.StripeResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Carries Stripe's requests. The client library's own transport is not used for three reasons: its
 * read timeout starts again with every byte, while here one limit covers the whole answer; and it
 * silently sends a request again whose connection broke, while here whoever asked decides. And an
 * answer that is no JSON, such as a load balancer's, is a broken connection, not a defect.
 */
final class StripeTransport extends com.stripe.net.HttpClient implements AutoCloseable {

  private final HttpClient client;

  /**
   * @param connectLimit for the connection
   */
  StripeTransport(Duration connectLimit) {
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(connectLimit)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
  }

  @Override
  public StripeResponse request(StripeRequest request) throws ApiConnectionException {
    // What the library calls a read timeout is ours for the request and the whole answer.
    var limit = Duration.ofMillis(request.options().getReadTimeout());
    try {
      var response = wholeAnswer(translated(request, limit), limit);
      if (!response.body().stripLeading().startsWith("{")) {
        throw new ApiConnectionException(
            "%s: answered %d with something that is not the provider's"
                .formatted(request.url().getHost(), response.statusCode()));
      }
      return new StripeResponse(
          response.statusCode(), HttpHeaders.of(response.headers().map()), response.body());
    } catch (IOException | URISyntaxException e) {
      throw new ApiConnectionException("%s: %s".formatted(request.url().getHost(), e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiConnectionException("interrupted while waiting for the provider", e);
    }
  }

  /**
   * The JDK's own time limit ends with the answer's headers; a body that never ends must not hold
   * anybody.
   */
  private HttpResponse<String> wholeAnswer(HttpRequest request, Duration limit)
      throws IOException, InterruptedException {
    var answer =
        client.sendAsync(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    try {
      return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("no whole answer within " + limit, e);
    } finally {
      answer.cancel(true);
    }
  }

  private HttpRequest translated(StripeRequest request, Duration limit) throws URISyntaxException {
    var content = request.content();
    var body =
        content == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofByteArray(content.byteArrayContent());
    var translated =
        HttpRequest.newBuilder(address(request))
            .timeout(limit)
            .method(request.method().name(), body);
    headers(request)
        .forEach((name, values) -> translated.setHeader(name, String.join(",", values)));
    if (content != null) {
      translated.setHeader("Content-Type", content.contentType());
    }
    return translated.build();
  }

  /** The client library leaves brackets as they are, which strict servers refuse in a query. */
  private static URI address(StripeRequest request) throws URISyntaxException {
    return new URI(request.url().toString().replace("[", "%5B").replace("]", "%5D"));
  }

  private static Map<String, List<String>> headers(StripeRequest request) {
    return request
        .headers()
        .withAdditionalHeader("User-Agent", buildUserAgentString(request))
        .withAdditionalHeader("X-Stripe-Client-User-Agent", buildXStripeClientUserAgentString())
        .map();
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
