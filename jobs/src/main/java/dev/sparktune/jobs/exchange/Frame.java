package dev.sparktune.jobs.exchange;

import java.net.ProtocolException;
import java.nio.ByteBuffer;

/**
 * What stands before a payload on the wire, little more than its place: 40 bytes, then the connection's {@link Seal} of them.
 *
 * @param kind what the payload is
 * @param number of the frame on its connection, from 0
 * @param from first element of a slice; else 0
 * @param bytes of the payload, at most {@value #MAX_PAYLOAD}
 * @param crc32c of the payload
 */
record Frame(Kind kind, long number, long from, int bytes, int crc32c) {
    static final int MAX_PAYLOAD = 1 << 20;
    static final int HEADER = 40;
    static final int SEALED_HEADER = HEADER + Seal.BYTES;

    private static final int MAGIC = 0x53504b54;
    private static final int VERSION = 1;

    /** In the order of their numbers on the wire. */
    enum Kind {
        GRADIENT,
        PARAMETERS,
        RECORD,
        /** Says only that the sender lives; without a payload. */
        ALIVE
    }

    private static final Kind[] KINDS = Kind.values();

    /** Puts the header into {@code out}, at its position. */
    void write(ByteBuffer out) {
        out.putInt(MAGIC)
                .putInt(VERSION)
                .putInt(kind.ordinal())
                .putInt(bytes)
                .putLong(number)
                .putLong(from)
                .putInt(crc32c)
                .putInt(0);
    }

    /**
     * Reads a header whose seal was found right.
     *
     * @param expected the number that the frame must have
     * @throws ProtocolException for anything that no worker of this version sends
     */
    static Frame read(ByteBuffer in, long expected) throws ProtocolException {
        int magic = in.getInt();
        int version = in.getInt();
        int kind = in.getInt();
        int bytes = in.getInt();
        long number = in.getLong();
        long from = in.getLong();
        int crc32c = in.getInt();
        if (magic != MAGIC || version != VERSION) {
            throw new ProtocolException("no frame of version " + VERSION);
        }
        if (kind < 0 || kind >= KINDS.length) {
            throw new ProtocolException("unknown kind of frame " + kind);
        }
        if (bytes < 0 || bytes > MAX_PAYLOAD) {
            throw new ProtocolException("a payload of " + bytes + " bytes; at most " + MAX_PAYLOAD + " are sent");
        }
        if (number != expected) {
            throw new ProtocolException("frame " + number + " where " + expected + " was due");
        }
        if (from < 0) {
            throw new ProtocolException("a slice from element " + from);
        }
        return new Frame(KINDS[kind], number, from, bytes, crc32c);
    }
}
