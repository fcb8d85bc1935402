package io.holdfast.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.messaging.OutboxMessage.Header;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The payload of one outbox row: all messages of one transaction, in order. Packing is what makes a
 * row per transaction instead of a row per message possible, and rows are what the relay pays for.
 *
 * <p>Messages of one transaction have most of their texts in common, header names above all. Each
 * different text is stored once and meant by its number: a third of the size, written to the log
 * once and read from it once more.
 *
 * <p>Layout, big-endian: version byte; number of texts (int), each as UTF-8 length (int) and bytes;
 * number of messages (int), each as topic and key (numbers of texts, int), number of headers
 * (short), name and value of each (numbers of texts), length of the body (int) and body.
 */
public final class PackedMessages {

  private static final byte VERSION = 2;

  private PackedMessages() {}

  public static byte[] pack(List<OutboxMessage> messages) {
    var texts = new LinkedHashMap<String, Integer>();
    var packed = new ByteArrayOutputStream(messages.size() * 256);
    var bytes = new ByteArrayOutputStream(messages.size() * 512);
    try (var out = new DataOutputStream(packed);
        var all = new DataOutputStream(bytes)) {
      for (var message : messages) {
        write(message, texts, out);
      }
      all.writeByte(VERSION);
      all.writeInt(texts.size());
      for (var text : texts.keySet()) {
        write(text.getBytes(UTF_8), all);
      }
      all.writeInt(messages.size());
      packed.writeTo(all);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(OutboxMessage message, Map<String, Integer> texts, DataOutputStream out)
      throws IOException {
    out.writeInt(number(message.topic(), texts));
    out.writeInt(number(message.key(), texts));
    out.writeShort(message.headers().size());
    for (var header : message.headers()) {
      out.writeInt(number(header.name(), texts));
      out.writeInt(number(header.value(), texts));
    }
    write(message.body(), out);
  }

  private static int number(String text, Map<String, Integer> texts) {
    Integer next = texts.size();
    Integer known = texts.putIfAbsent(text, next);
    return known == null ? next : known;
  }

  private static void write(byte[] bytes, DataOutputStream out) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /**
   * @throws IllegalArgumentException if the bytes are not what {@link #pack} writes
   */
  public static List<OutboxMessage> unpack(byte[] payload) {
    var in = ByteBuffer.wrap(payload);
    try {
      byte version = in.get();
      if (version != VERSION) {
        throw new IllegalArgumentException("outbox payload of unknown version " + version);
      }
      var texts = new ArrayList<String>();
      for (int left = in.getInt(); left > 0; left--) {
        texts.add(new String(readBytes(in), UTF_8));
      }
      var messages = new ArrayList<OutboxMessage>();
      for (int left = in.getInt(); left > 0; left--) {
        messages.add(readMessage(in, texts));
      }
      if (in.hasRemaining()) {
        throw new IllegalArgumentException("outbox payload has bytes after its last message");
      }
      return messages;
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("outbox payload is cut short", e);
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("outbox payload means a text that it does not have", e);
    }
  }

  private static OutboxMessage readMessage(ByteBuffer in, List<String> texts) {
    String topic = texts.get(in.getInt());
    String key = texts.get(in.getInt());
    int headerCount = Short.toUnsignedInt(in.getShort());
    var headers = new ArrayList<Header>(headerCount);
    for (int i = 0; i < headerCount; i++) {
      headers.add(new Header(texts.get(in.getInt()), texts.get(in.getInt())));
    }
    return new OutboxMessage(topic, key, headers, readBytes(in));
  }

  private static byte[] readBytes(ByteBuffer in) {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new IllegalArgumentException("outbox payload claims a part of " + length + " bytes");
    }
    var bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }
}
