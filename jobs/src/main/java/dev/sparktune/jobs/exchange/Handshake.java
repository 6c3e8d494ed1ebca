package dev.sparktune.jobs.exchange;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/**
 * How two workers find out that both know the run's secret, before anything else is said. Each proves it over a number the
 * other has just drawn, so that an old conversation cannot be played again; both numbers go into the connection's keys.
 *
 * <pre>
 * connecting → accepting  own rank, rank that is meant, nonce; sealed
 * accepting → connecting  nonce; sealed with all of the above
 * connecting → accepting  seal of all of the above
 * </pre>
 */
final class Handshake {
    private static final int NONCE = 16;
    private static final int MAGIC = 0x5348414b;
    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * What two workers agreed on.
     *
     * @param peer the other's rank
     * @param outgoing key of the frames from here
     * @param incoming key of the frames from there
     */
    record Agreed(int peer, byte[] outgoing, byte[] incoming) {}

    private Handshake() {}

    /** Of the worker that connects. */
    static Agreed connecting(Socket socket, byte[] secret, int ownRank, int peerRank) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        Seal seal = new Seal(secret);
        byte[] own = hello(ownRank, peerRank, nonce());
        out.write(own);
        out.write(seal.key(text("hello"), own));
        byte[] theirs = in.readNBytes(NONCE);
        check(in.readNBytes(32), seal.key(text("welcome"), own, theirs));
        out.write(seal.key(text("thanks"), own, theirs));
        return agreed(seal, own, theirs, peerRank, true);
    }

    /** Of the worker that was connected to. */
    static Agreed accepting(Socket socket, byte[] secret, int ownRank) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        Seal seal = new Seal(secret);
        byte[] theirs = in.readNBytes(12 + NONCE);
        check(in.readNBytes(32), seal.key(text("hello"), theirs));
        ByteBuffer hello = ByteBuffer.wrap(theirs);
        int magic = hello.getInt();
        int peerRank = hello.getInt();
        int meant = hello.getInt();
        if (magic != MAGIC || meant != ownRank) {
            throw new ProtocolException("worker " + peerRank + " meant worker " + meant + ", this is " + ownRank);
        }
        byte[] own = nonce();
        out.write(own);
        out.write(seal.key(text("welcome"), theirs, own));
        check(in.readNBytes(32), seal.key(text("thanks"), theirs, own));
        return agreed(seal, theirs, own, peerRank, false);
    }

    private static byte[] hello(int ownRank, int peerRank, byte[] nonce) {
        return ByteBuffer.allocate(12 + NONCE)
                .putInt(MAGIC)
                .putInt(ownRank)
                .putInt(peerRank)
                .put(nonce)
                .array();
    }

    private static void check(byte[] said, byte[] right) throws ProtocolException {
        if (!Seal.equal(said, right)) {
            throw new ProtocolException("the other side does not know this run's secret");
        }
    }

    private static Agreed agreed(Seal seal, byte[] hello, byte[] answer, int peer, boolean connecting) {
        byte[] there = seal.key(text("frames of the connecting"), hello, answer);
        byte[] back = seal.key(text("frames of the accepting"), hello, answer);
        return connecting ? new Agreed(peer, there, back) : new Agreed(peer, back, there);
    }

    private static byte[] nonce() {
        byte[] nonce = new byte[NONCE];
        RANDOM.nextBytes(nonce);
        return nonce;
    }

    private static byte[] text(String purpose) {
        return purpose.getBytes(StandardCharsets.US_ASCII);
    }
}
