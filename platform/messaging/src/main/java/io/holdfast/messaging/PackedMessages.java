package io.holdfast.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.messaging.OutboxMessage.Header;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The payload of one outbox row: all messages of one transaction, in order. Packing is what makes a
 * row per transaction instead of a row per message possible, and rows are what the relay pays for.
 *
 * <p>Layout, big-endian: version byte, number of messages (int); per message topic, key, number of
 * headers (short), name and value of each, body. Strings are their UTF-8 length (int) and bytes; so
 * is the body.
 */
public final class PackedMessages {

  private static final int VERSION = 1;

  private PackedMessages() {}

  public static byte[] pack(List<OutboxMessage> messages) {
    var bytes = new ByteArrayOutputStream(messages.size() * 512);
    try (var out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeInt(messages.size());
      for (var message : messages) {
        write(out, message.topic());
        write(out, message.key());
        out.writeShort(message.headers().size());
        for (var header : message.headers()) {
          write(out, header.name());
          write(out, header.value());
        }
        write(out, message.body());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * @throws IllegalArgumentException if the bytes are not what {@link #pack} writes
   */
  public static List<OutboxMessage> unpack(byte[] payload) {
    try (var in = new DataInputStream(new ByteArrayInputStream(payload))) {
      int version = in.readUnsignedByte();
      if (version != VERSION) {
        throw new IllegalArgumentException("outbox payload of unknown version " + version);
      }
      int count = in.readInt();
      var messages = new ArrayList<OutboxMessage>();
      for (int i = 0; i < count; i++) {
        messages.add(readMessage(in));
      }
      if (in.available() > 0) {
        throw new IllegalArgumentException("outbox payload has bytes after its last message");
      }
      return List.copyOf(messages);
    } catch (IOException e) {
      throw new IllegalArgumentException("outbox payload is cut short", e);
    }
  }

  private static OutboxMessage readMessage(DataInputStream in) throws IOException {
    String topic = readText(in);
    String key = readText(in);
    int headerCount = in.readUnsignedShort();
    var headers = new ArrayList<Header>(headerCount);
    for (int i = 0; i < headerCount; i++) {
      headers.add(new Header(readText(in), readText(in)));
    }
    return new OutboxMessage(topic, key, List.copyOf(headers), readBytes(in));
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    write(out, text.getBytes(UTF_8));
  }

  private static void write(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String readText(DataInputStream in) throws IOException {
    return new String(readBytes(in), UTF_8);
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IllegalArgumentException("outbox payload claims a part of " + length + " bytes");
    }
    return in.readNBytes(length);
  }
}
