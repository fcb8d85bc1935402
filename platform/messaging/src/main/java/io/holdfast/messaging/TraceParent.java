package io.holdfast.messaging;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A W3C trace context, as it travels through HTTP, outbox and Kafka
 * (https://www.w3.org/TR/trace-context/).
 *
 * @param value the header {@code traceparent} of version 00
 */
public record TraceParent(String value) {

  /** Name of the HTTP and Kafka header. */
  public static final String HEADER = "traceparent";

  private static final Pattern FORMAT = Pattern.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
  private static final String NO_TRACE = "00-" + "0".repeat(32);
  private static final SecureRandom RANDOM = new SecureRandom();

  /** A trace of its own. */
  public static TraceParent random() {
    return new TraceParent("00-" + hex(16) + "-" + hex(8) + "-01");
  }

  /**
   * The caller's trace if the header is valid, else a new one: a broken header never fails a
   * request.
   */
  public static TraceParent continuing(@Nullable String header) {
    return header != null && FORMAT.matcher(header).matches() && !header.startsWith(NO_TRACE)
        ? new TraceParent(header)
        : random();
  }

  /** The same trace, one span further. */
  public TraceParent child() {
    return new TraceParent(value.substring(0, 36) + hex(8) + value.substring(52));
  }

  public String traceId() {
    return value.substring(3, 35);
  }

  private static String hex(int bytes) {
    var random = new byte[bytes];
    RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
