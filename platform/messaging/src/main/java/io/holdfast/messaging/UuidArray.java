package io.holdfast.messaging;

import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGBinaryObject;
import org.postgresql.util.PGobject;

/**
 * A {@code uuid[]} parameter in PostgreSQL's binary form: number of dimensions, whether there are
 * nulls, the elements' type, length and lower bound, then each element behind its length
 * (array_send in the server's arrayfuncs.c). As text, where the connection does not allow binary.
 */
final class UuidArray extends PGobject implements PGBinaryObject {

  private static final String ARRAY_OF_UUID = "_uuid";
  private static final int UUID_OID = 2950;
  private static final int UUID_BYTES = 16;
  private static final int NULL_LENGTH = -1;
  private static final int HEADER_BYTES = 5 * Integer.BYTES;

  private final transient @Nullable UUID[] elements;

  UuidArray(@Nullable UUID[] elements) {
    this.elements = elements;
    setType(ARRAY_OF_UUID);
  }

  @Override
  public int lengthInBytes() {
    int length = HEADER_BYTES + elements.length * Integer.BYTES;
    for (var element : elements) {
      length += element == null ? 0 : UUID_BYTES;
    }
    return length;
  }

  @Override
  public void toBytes(byte[] bytes, int offset) {
    var out = ByteBuffer.wrap(bytes, offset, bytes.length - offset);
    boolean hasNulls = Stream.of(elements).anyMatch(element -> element == null);
    out.putInt(1).putInt(hasNulls ? 1 : 0).putInt(UUID_OID).putInt(elements.length).putInt(1);
    for (var element : elements) {
      if (element == null) {
        out.putInt(NULL_LENGTH);
      } else {
        out.putInt(UUID_BYTES)
            .putLong(element.getMostSignificantBits())
            .putLong(element.getLeastSignificantBits());
      }
    }
  }

  @Override
  public String getValue() {
    return Stream.of(elements).map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
  }

  @Override
  public void setByteValue(byte[] value, int offset) {
    throw new UnsupportedOperationException("a parameter only");
  }
}
