package dev.spate.tracing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A message of protocol buffers, as it is on the wire: fields by number. */
@SuppressWarnings("ArrayRecordComponent")
final class Protobuf {

    private record Field(int number, long value, byte[] bytes) {}

    private final List<Field> fields = new ArrayList<>();

    Protobuf(byte[] message) {
        ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            long tag = varint(in);
            int number = (int) (tag >>> 3);
            switch ((int) (tag & 7)) {
                case 0 -> fields.add(new Field(number, varint(in), new byte[0]));
                case 1 -> fields.add(new Field(number, in.getLong(), new byte[0]));
                case 2 -> {
                    byte[] bytes = new byte[(int) varint(in)];
                    in.get(bytes);
                    fields.add(new Field(number, 0, bytes));
                }
                case 5 -> fields.add(new Field(number, in.getInt(), new byte[0]));
                default -> throw new IllegalArgumentException("tag " + tag);
            }
        }
    }

    List<Protobuf> messages(int number) {
        return all(number).map(field -> new Protobuf(field.bytes)).toList();
    }

    Protobuf message(int number) {
        return messages(number).getFirst();
    }

    byte[] bytes(int number) {
        return all(number).findFirst().map(Field::bytes).orElse(new byte[0]);
    }

    String text(int number) {
        return new String(bytes(number), UTF_8);
    }

    long number(int number) {
        return all(number).findFirst().map(Field::value).orElse(0L);
    }

    private Stream<Field> all(int number) {
        return fields.stream().filter(field -> field.number == number);
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = in.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }
}
