package io.holdfast.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * Sends requests over many keep-alive connections from one thread, as cheaply as possible: what the
 * load generator burns, the services under test do not get.
 *
 * <p>Closed loop: each connection sends its next request when it has its answer. Open loop:
 * requests begin at fixed intervals whatever the services do, and a request that had to wait for a
 * free connection counts its wait, so that a stall is seen by all that it would have hit (no
 * coordinated omission).
 */
final class HttpLoad implements AutoCloseable {

  private static final int MAX_ANSWER_BYTES = 16 * 1024;
  private static final int MAX_OPEN_LOOP_CONNECTIONS = 4_096;
  private static final byte[] CONTENT_LENGTH = "\r\ncontent-length: ".getBytes(US_ASCII);
  private static final byte[] CLOSE = "\r\nconnection: close\r\n".getBytes(US_ASCII);
  private static final byte[] HEADERS_END = "\r\n\r\n".getBytes(US_ASCII);
  private static final byte[] LAST_CHUNK = "\r\n0\r\n\r\n".getBytes(US_ASCII);

  private final List<InetSocketAddress> servers;
  private final Supplier<byte[]> requests;
  private final AnswerReader answers;
  private final Selector selector;
  private final ArrayDeque<Connection> idle = new ArrayDeque<>();
  private final ArrayDeque<Long> waiting = new ArrayDeque<>();
  private int connections;
  private int opened;
  private boolean closedLoop;
  private boolean draining;
  private Window window = new Window();

  /**
   * @param servers take turns, connection by connection
   * @param requests bytes of the next request, headers and body
   * @param answers says of an answer's bytes whether it is a success
   */
  HttpLoad(List<InetSocketAddress> servers, Supplier<byte[]> requests, AnswerReader answers)
      throws IOException {
    this.servers = servers;
    this.requests = requests;
    this.answers = answers;
    this.selector = Selector.open();
  }

  /** Judges an answer. */
  interface AnswerReader {
    /**
     * @param status HTTP status
     * @param answer headers and body, between position and limit
     */
    void read(int status, ByteBuffer answer);
  }

  /** What happened in a span of time. */
  static final class Window {
    private final Histogram latency = new Histogram(60_000_000L, 3);
    private final long begin = System.nanoTime();
    private long nanos;

    /** From the moment a request was due to its answer, in microseconds. */
    Histogram latency() {
      return latency;
    }

    private void end() {
      nanos += System.nanoTime() - begin;
    }

    /** Adds another window's span and what happened in it. */
    void add(Window other) {
      latency.add(other.latency);
      nanos += other.nanos;
    }

    double seconds() {
      return nanos / 1e9;
    }

    double perSecond() {
      return latency.getTotalCount() / seconds();
    }

    double millis(double percentile) {
      return latency.getValueAtPercentile(percentile) / 1e3;
    }
  }

  /** Opens {@code count} connections, each of which sends as soon as it has its answer. */
  void startClosedLoop(int count) throws IOException {
    closedLoop = true;
    draining = false;
    for (int i = 0; i < count; i++) {
      send(connect(), System.nanoTime());
    }
  }

  /** Lets time pass: answers are read and what is due is sent. */
  Window run(Duration length) throws IOException {
    window = new Window();
    long end = System.nanoTime() + length.toNanos();
    while (System.nanoTime() < end) {
      select(1);
    }
    window.end();
    return window;
  }

  /** Like {@link #run}, beginning {@code perSecond} requests a second. */
  Window runAtRate(double perSecond, Duration length) throws IOException {
    closedLoop = false;
    draining = false;
    window = new Window();
    long begin = System.nanoTime();
    long end = begin + length.toNanos();
    double interval = 1e9 / perSecond;
    long sent = 0;
    for (long now = begin; now < end; now = System.nanoTime()) {
      for (long due = begin + (long) (sent * interval); due <= now; sent++) {
        begin(due);
        due = begin + (long) ((sent + 1) * interval);
      }
      select(1);
    }
    window.end();
    return window;
  }

  /** Waits for the answers that are still to come; nothing new is sent. */
  void drain(Duration limit) throws IOException {
    draining = true;
    waiting.clear();
    long end = System.nanoTime() + limit.toNanos();
    while (idle.size() < connections) {
      if (System.nanoTime() > end) {
        throw new IOException(
            "%d of %d requests were not answered within %d s"
                .formatted(connections - idle.size(), connections, limit.toSeconds()));
      }
      select(10);
    }
    for (var connection : idle) {
      connection.channel.close();
    }
    idle.clear();
    connections = 0;
  }

  private void begin(long due) throws IOException {
    var connection = idle.poll();
    if (connection != null) {
      send(connection, due);
    } else if (connections < MAX_OPEN_LOOP_CONNECTIONS) {
      send(connect(), due);
    } else {
      waiting.add(due);
    }
  }

  /** A server ends a connection after so many requests. */
  private Connection replace(Connection connection) throws IOException {
    connection.channel.close();
    connections--;
    return connect();
  }

  private Connection connect() throws IOException {
    var channel = SocketChannel.open(servers.get(opened++ % servers.size()));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    var connection = new Connection(channel, channel.register(selector, SelectionKey.OP_READ));
    connection.key.attach(connection);
    connections++;
    return connection;
  }

  private void send(Connection connection, long due) throws IOException {
    connection.due = due;
    connection.answer.clear();
    connection.request = ByteBuffer.wrap(requests.get());
    write(connection);
  }

  private static void write(Connection connection) throws IOException {
    connection.channel.write(connection.request);
    connection.key.interestOps(
        connection.request.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
  }

  private void select(long millis) throws IOException {
    selector.select(
        key -> {
          try {
            ready((Connection) key.attachment(), key);
          } catch (IOException e) {
            throw new ConnectionLost(e);
          }
        },
        millis);
  }

  private void ready(Connection connection, SelectionKey key) throws IOException {
    if (key.isWritable()) {
      write(connection);
      return;
    }
    if (connection.channel.read(connection.answer) < 0) {
      throw new IOException("the server closed a connection");
    }
    if (!isComplete(connection.answer)) {
      if (!connection.answer.hasRemaining()) {
        throw new IOException("an answer is longer than " + MAX_ANSWER_BYTES + " bytes");
      }
      return;
    }
    window.latency.recordValue(Math.min((System.nanoTime() - connection.due) / 1_000, 60_000_000L));
    connection.answer.flip();
    answers.read(status(connection.answer), connection.answer);
    next(
        indexOf(connection.answer, CLOSE, 0, connection.answer.limit()) < 0
            ? connection
            : replace(connection));
  }

  private void next(Connection connection) throws IOException {
    if (closedLoop && !draining) {
      send(connection, System.nanoTime());
    } else if (!draining && !waiting.isEmpty()) {
      send(connection, waiting.remove());
    } else {
      idle.add(connection);
    }
  }

  /** Of "HTTP/1.1 201 ...". */
  private static int status(ByteBuffer answer) {
    return (answer.get(9) - '0') * 100 + (answer.get(10) - '0') * 10 + (answer.get(11) - '0');
  }

  private static boolean isComplete(ByteBuffer answer) {
    int body = indexOf(answer, HEADERS_END, 0, answer.position());
    if (body < 0) {
      return false;
    }
    int length = indexOf(answer, CONTENT_LENGTH, 0, body);
    if (length < 0) {
      return endsWith(answer, LAST_CHUNK);
    }
    int bytes = 0;
    for (int i = length + CONTENT_LENGTH.length; answer.get(i) != '\r'; i++) {
      bytes = bytes * 10 + answer.get(i) - '0';
    }
    return answer.position() >= body + HEADERS_END.length + bytes;
  }

  private static boolean endsWith(ByteBuffer buffer, byte[] wanted) {
    int begin = buffer.position() - wanted.length;
    return begin >= 0 && indexOf(buffer, wanted, begin, buffer.position()) == begin;
  }

  /** Where {@code wanted}, in lower case, begins in whatever case; or -1. */
  private static int indexOf(ByteBuffer buffer, byte[] wanted, int from, int to) {
    for (int i = from; i <= to - wanted.length; i++) {
      int j = 0;
      while (j < wanted.length && lowerCase(buffer.get(i + j)) == wanted[j]) {
        j++;
      }
      if (j == wanted.length) {
        return i;
      }
    }
    return -1;
  }

  private static int lowerCase(byte character) {
    return character >= 'A' && character <= 'Z' ? character + 32 : character;
  }

  @Override
  public void close() throws IOException {
    for (var key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }

  private static final class Connection {
    final SocketChannel channel;
    final ByteBuffer answer = ByteBuffer.allocate(MAX_ANSWER_BYTES);
    ByteBuffer request = ByteBuffer.allocate(0);
    final SelectionKey key;
    long due;

    Connection(SocketChannel channel, SelectionKey key) {
      this.channel = channel;
      this.key = key;
    }
  }

  private static final class ConnectionLost extends RuntimeException {
    ConnectionLost(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }
}
