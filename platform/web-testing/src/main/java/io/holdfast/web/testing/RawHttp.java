package io.holdfast.web.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 without manners: sends what no decent client lets pass, such as control characters in a
 * path. One connection a request.
 */
final class RawHttp {

  private static final int PIECE = 8192;
  private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(ISO_8859_1);

  private RawHttp() {}

  /** A header line, name and value as they are sent. */
  record Header(String name, String value) {}

  /**
   * @param target path and query as they are sent, each character a byte
   * @param headers besides Host, Connection and Content-Length
   */
  record Request(String method, String target, List<Header> headers, byte @Nullable [] body) {

    static Request of(String method, String target) {
      return new Request(method, target, List.of(), null);
    }

    Request with(String header, String value) {
      var more = new ArrayList<>(headers);
      more.add(new Header(header, value));
      return new Request(method, target, List.copyOf(more), body);
    }

    Request without(String header) {
      return new Request(
          method,
          target,
          headers.stream().filter(line -> !line.name().equalsIgnoreCase(header)).toList(),
          body);
    }

    Request withBody(byte[] bytes) {
      return new Request(method, target, headers, bytes);
    }

    Request withBody(String text) {
      return withBody(text.getBytes(UTF_8));
    }

    Request withTarget(String other) {
      return new Request(method, other, headers, body);
    }

    byte[] bytes() {
      var head = new StringBuilder(method).append(' ').append(target).append(" HTTP/1.1\r\n");
      if (headers.stream().noneMatch(header -> header.name().equalsIgnoreCase("Host"))) {
        head.append("Host: localhost\r\n");
      }
      head.append("Connection: close\r\n");
      headers.forEach(
          header -> head.append(header.name()).append(": ").append(header.value()).append("\r\n"));
      if (body != null) {
        head.append("Content-Length: ").append(body.length).append("\r\n");
      }
      head.append("\r\n");
      var all = new ByteArrayOutputStream();
      all.writeBytes(head.toString().getBytes(ISO_8859_1));
      if (body != null) {
        all.writeBytes(body);
      }
      return all.toByteArray();
    }

    /** As a person reads it, shortened. */
    @Override
    public String toString() {
      String text = new String(bytes(), UTF_8).replace("\r", "");
      String shown =
          text.length() > 900 ? text.substring(0, 900) + "... (" + text.length() + ")" : text;
      return shown
          .codePoints()
          .collect(
              StringBuilder::new,
              (line, character) -> {
                if (character < ' ' && character != '\n') {
                  line.append("\\x").append(Integer.toHexString(character));
                } else {
                  line.appendCodePoint(character);
                }
              },
              StringBuilder::append)
          .toString();
    }
  }

  /**
   * @param headers names in lower case; of several lines the last
   * @param body empty for a stream, of which nothing is read
   */
  record Answer(int status, Map<String, String> headers, String body) {

    String type() {
      return headers.getOrDefault("content-type", "");
    }
  }

  /** The server did not answer as a server does; the message says how. */
  static final class NoAnswer extends RuntimeException {
    NoAnswer(String message) {
      super(message);
    }
  }

  /**
   * @param limit until when all of the answer has to be there
   * @throws NoAnswer if it is not, or is no HTTP
   */
  static Answer send(int port, Request request, Duration limit) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), millis(limit));
      write(socket, request.bytes());
      return read(socket, System.nanoTime() + limit.toNanos());
    } catch (SocketTimeoutException e) {
      throw new NoAnswer("no answer within " + limit);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot talk to port " + port, e);
    }
  }

  /** A server may answer and close before it has read everything. */
  private static void write(Socket socket, byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } catch (IOException _) {
      // What it answered tells why.
    }
  }

  private static Answer read(Socket socket, long end) throws IOException {
    var received = new ByteArrayOutputStream();
    var input = socket.getInputStream();
    var piece = new byte[PIECE];
    while (true) {
      long left = Math.max(1, (end - System.nanoTime()) / 1_000_000);
      socket.setSoTimeout((int) left);
      int count = readOrEnd(input, piece);
      if (count < 0) {
        return parsed(received.toByteArray());
      }
      received.write(piece, 0, count);
      var soFar = received.toByteArray();
      if (isStream(soFar)) {
        return parsed(soFar);
      }
    }
  }

  private static int readOrEnd(java.io.InputStream input, byte[] piece) throws IOException {
    try {
      return input.read(piece);
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException _) {
      return -1; // reset, after the answer
    }
  }

  private static boolean isStream(byte[] received) {
    int end = endOfHead(received);
    return end > 0
        && new String(received, 0, end, ISO_8859_1)
            .toLowerCase(Locale.ROOT)
            .contains("content-type: text/event-stream");
  }

  private static int endOfHead(byte[] received) {
    for (int i = 0; i + END_OF_HEAD.length <= received.length; i++) {
      if (received[i] == '\r'
          && received[i + 1] == '\n'
          && received[i + 2] == '\r'
          && received[i + 3] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private static Answer parsed(byte[] received) {
    int end = endOfHead(received);
    if (end < 0) {
      throw new NoAnswer("closed the connection after " + received.length + " bytes");
    }
    var lines = new String(received, 0, end, ISO_8859_1).split("\r\n", -1);
    var status = lines[0].split(" ", 3);
    if (status.length < 2 || !status[1].matches("\\d{3}")) {
      throw new NoAnswer("no status line: " + lines[0]);
    }
    var headers = new HashMap<String, String>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon > 0) {
        headers.put(
            lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
            lines[i].substring(colon + 1).strip());
      }
    }
    int start = end + END_OF_HEAD.length;
    var body = new byte[received.length - start];
    System.arraycopy(received, start, body, 0, body.length);
    boolean chunked = headers.getOrDefault("transfer-encoding", "").contains("chunked");
    return new Answer(
        Integer.parseInt(status[1]), headers, new String(chunked ? unchunked(body) : body, UTF_8));
  }

  private static byte[] unchunked(byte[] body) {
    var whole = new ByteArrayOutputStream();
    int at = 0;
    while (at < body.length) {
      int line = at;
      while (line < body.length && body[line] != '\r') {
        line++;
      }
      String size = new String(body, at, line - at, ISO_8859_1).split(";", 2)[0].strip();
      if (size.isEmpty()) {
        break;
      }
      int length = Integer.parseInt(size, 16);
      int start = line + 2;
      whole.write(body, start, Math.min(length, Math.max(0, body.length - start)));
      at = start + length + 2;
    }
    return whole.toByteArray();
  }

  private static int millis(Duration duration) {
    return Math.toIntExact(duration.toMillis());
  }
}
