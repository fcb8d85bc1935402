package io.holdfast.messaging;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
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

  private static final String VERSION = "00-";
  private static final String NO_TRACE = "0".repeat(32);
  private static final int TRACE_END = 35;
  private static final int SPAN_END = 52;
  private static final int LENGTH = 55;
  private static final HexFormat HEX = HexFormat.of();

  /** A trace of its own. */
  public static TraceParent random() {
    return new TraceParent(VERSION + randomHex() + randomHex() + "-" + randomHex() + "-01");
  }

  /**
   * The caller's trace if the header is valid, else a new one: a broken header never fails a
   * request.
   */
  public static TraceParent continuing(@Nullable String header) {
    return header != null && isValid(header) ? new TraceParent(header) : random();
  }

  // No regular expression: every message that is read passes here.
  private static boolean isValid(String header) {
    return header.length() == LENGTH
        && header.startsWith(VERSION)
        && header.charAt(TRACE_END) == '-'
        && header.charAt(SPAN_END) == '-'
        && isHex(header, VERSION.length(), TRACE_END)
        && isHex(header, TRACE_END + 1, SPAN_END)
        && isHex(header, SPAN_END + 1, LENGTH)
        && !header.startsWith(NO_TRACE, VERSION.length());
  }

  private static boolean isHex(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  /** The same trace, one span further. */
  public TraceParent child() {
    return new TraceParent(
        value.substring(0, TRACE_END + 1) + randomHex() + value.substring(SPAN_END));
  }

  public String traceId() {
    return value.substring(VERSION.length(), TRACE_END);
  }

  /** Eight bytes that are unlikely to come twice; nobody has to be unable to guess them. */
  private static String randomHex() {
    return HEX.toHexDigits(ThreadLocalRandom.current().nextLong());
  }
}
