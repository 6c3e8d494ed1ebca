package dev.sparktune.jobs.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.parameterserver.distributed.v2.messages.VoidMessage;

class FrameTest {
    private static final byte[] KEY = new byte[32];

    @Test
    void aHeaderIsReadAsItWasWritten() throws Exception {
        Frame frame = new Frame(Frame.Kind.PARAMETERS, 7, 5_000_000_000L, 1 << 20, -3);
        assertThat(Frame.read(written(frame), 7)).isEqualTo(frame);
    }

    /** Four bytes at a place of a good header are replaced. */
    @ParameterizedTest
    @CsvSource({
        "0, 17, no frame of version 1",
        "4, 2, no frame of version 1",
        "8, 4, unknown kind of frame 4",
        "8, -1, unknown kind of frame -1",
        "12, 1048577, a payload of 1048577 bytes; at most 1048576 are sent",
        "12, -1, a payload of -1 bytes; at most 1048576 are sent",
        "20, 8, frame 8 where 7 was due",
        "24, -1, a slice from element -4294967286"
    })
    void whatNoWorkerSendsIsRefused(int place, int value, String message) {
        ByteBuffer header = written(new Frame(Frame.Kind.GRADIENT, 7, 10, 8, 0)).putInt(place, value);
        assertThatThrownBy(() -> Frame.read(header, 7))
                .isInstanceOf(ProtocolException.class)
                .hasMessage(message);
    }

    @Test
    void aFrameWithAnotherKeysSealEndsTheConnectionBeforeAnythingOfItIsUsed() throws Exception {
        Frame frame = new Frame(Frame.Kind.GRADIENT, 0, 0, 8, 0);
        byte[] otherKey = {1};
        assertThat(failure(sealed(frame, otherKey, new byte[8])))
                .hasMessage("frame 0 is not sealed with the connection's key");
    }

    @Test
    void aPayloadThatWasAlteredEndsTheConnection() throws Exception {
        Frame frame = new Frame(Frame.Kind.GRADIENT, 0, 0, 8, 12345);
        assertThat(failure(sealed(frame, KEY, new byte[8]))).hasMessage("the checksum of frame 0 does not match");
    }

    @Test
    void aSliceThatTheSenderMayNotSendEndsTheConnection() throws Exception {
        Frame frame = new Frame(Frame.Kind.PARAMETERS, 0, 0, 8, 0);
        assertThat(failure(sealed(frame, KEY, new byte[8]))).hasMessage("only gradients are taken here");
    }

    /** What a connection that receives these bytes fails of. */
    private static Throwable failure(ByteBuffer bytes) throws Exception {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Connection.Listener listener = new Connection.Listener() {
            @Override
            public void received(VoidMessage message, int sender) {
                failure.completeExceptionally(new AssertionError("received " + message));
            }

            @Override
            public void failed(int peer, Throwable cause) {
                failure.complete(cause);
            }
        };
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
                SocketChannel there = SocketChannel.open(server.getLocalAddress());
                SocketChannel here = server.accept()) {
            Connection connection = new Connection(
                    here, new Handshake.Agreed(1, KEY, KEY), gradientsOnly(), Duration.ofSeconds(20), listener);
            connection.start();
            there.write(bytes);
            Throwable cause = failure.get(10, TimeUnit.SECONDS);
            there.close();
            connection.close();
            return cause;
        }
    }

    private static VectorMemory gradientsOnly() {
        return new VectorMemory() {
            @Override
            public int width() {
                return Float.BYTES;
            }

            @Override
            public ByteBuffer outgoing(SliceMessage slice) {
                return ByteBuffer.allocate(0);
            }

            @Override
            public ByteBuffer incoming(SliceMessage slice, int sender) throws ProtocolException {
                if (slice.vector() != SliceMessage.Vector.GRADIENT) {
                    throw new ProtocolException("only gradients are taken here");
                }
                return ByteBuffer.allocate(slice.length() * Float.BYTES).order(ByteOrder.nativeOrder());
            }
        };
    }

    private static ByteBuffer written(Frame frame) {
        ByteBuffer header = ByteBuffer.allocate(Frame.HEADER);
        frame.write(header);
        return header.flip();
    }

    private static ByteBuffer sealed(Frame frame, byte[] key, byte[] payload) {
        ByteBuffer header = written(frame);
        return ByteBuffer.allocate(Frame.SEALED_HEADER + payload.length)
                .put(header.duplicate())
                .put(new Seal(key).of(header))
                .put(payload)
                .flip();
    }
}
