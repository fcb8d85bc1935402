package io.holdfast.web.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Answers every request, even one that is no HTTP, with what a test says. */
final class TinyServer implements AutoCloseable {

  private static final Pattern LENGTH = Pattern.compile("\r\nContent-Length: (\\d{1,6})\r\n");

  private final ServerSocket socket;
  private final UnaryOperator<String> answer;
  private final List<String> requests = new CopyOnWriteArrayList<>();

  /**
   * @param answer from a whole request to a whole answer
   */
  TinyServer(UnaryOperator<String> answer) {
    this.answer = answer;
    try {
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::serve);
  }

  int port() {
    return socket.getLocalPort();
  }

  List<String> requests() {
    return requests;
  }

  private void serve() {
    while (!socket.isClosed()) {
      try {
        var connection = socket.accept();
        Thread.ofVirtual().start(() -> answer(connection));
      } catch (IOException _) {
        return; // closed
      }
    }
  }

  private void answer(Socket connection) {
    try (connection) {
      String request = read(connection);
      requests.add(request);
      connection.getOutputStream().write(answer.apply(request).getBytes(ISO_8859_1));
    } catch (IOException _) {
      // The client has gone, which its own report tells.
    }
  }

  private static String read(Socket connection) throws IOException {
    var received = new ByteArrayOutputStream();
    var piece = new byte[8192];
    while (true) {
      int count = connection.getInputStream().read(piece);
      if (count < 0) {
        return received.toString(ISO_8859_1);
      }
      received.write(piece, 0, count);
      String text = received.toString(ISO_8859_1);
      int end = text.indexOf("\r\n\r\n");
      if (end >= 0) {
        var length = LENGTH.matcher(text);
        int body = length.find() ? Integer.parseInt(length.group(1)) : 0;
        if (text.length() >= end + 4 + body) {
          return text;
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
