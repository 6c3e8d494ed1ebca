package dev.sparktune.jobs.exchange;

import java.net.ProtocolException;
import java.nio.ByteBuffer;

/** Where the transport takes the bytes of slices from and puts them: a worker's vectors, without a copy between. */
interface VectorMemory {
    /** Bytes of one element. */
    int width();

    /** The memory of a slice that is to be sent. */
    ByteBuffer outgoing(SliceMessage slice);

    /**
     * Where a slice that begins to arrive belongs; it is complete only when it is heard of as a message.
     *
     * @throws ProtocolException for a slice that the sender has no business to send
     */
    ByteBuffer incoming(SliceMessage slice, int sender) throws ProtocolException;
}
