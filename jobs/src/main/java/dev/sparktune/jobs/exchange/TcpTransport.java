package dev.sparktune.jobs.exchange;

import dev.sparktune.train.PeerLostException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.nd4j.parameterserver.distributed.conf.VoidConfiguration;
import org.nd4j.parameterserver.distributed.v2.messages.VoidMessage;
import org.nd4j.parameterserver.distributed.v2.transport.impl.BaseTransport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A transport of DL4J's parameter server over TCP, from each worker straight to each other: it carries {@link SliceMessage} and
 * {@link RecordMessage} and hands them to the consumers that {@link #addRequestConsumer} names. Of {@link BaseTransport} serve
 * the nodes' identities, the mesh and the dispatch of messages; its handshake and its threads do not, since both pass serialized
 * Java objects around: who takes part is known from Spark's barrier.
 *
 * <p>{@link #listen}, tell the others {@link #address}, then {@link #connect}. The first failure of any connection ends all.
 */
final class TcpTransport extends BaseTransport implements Connection.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(TcpTransport.class);
    private static final int MILLIS_FOR_HANDSHAKE = 10_000;
    /** Strangers that may be at the door at once. */
    private static final int MOST_HANDSHAKES = 32;

    private final int rank;
    private final int workers;
    private final byte[] secret;
    private final VectorMemory memory;
    private final ServerSocketChannel server;
    private final Map<Integer, Connection> connections = new ConcurrentHashMap<>();
    private final Semaphore handshakes = new Semaphore(MOST_HANDSHAKES);
    private volatile List<InetSocketAddress> addresses = List.of();
    private volatile Duration silence = Duration.ZERO;
    private volatile PeerLostException failure;
    private volatile boolean closed;
    private Runnable onFailure = () -> {};

    private TcpTransport(int rank, int workers, byte[] secret, VectorMemory memory, ServerSocketChannel server) {
        super(nodeId(rank), nodeId(0), VoidConfiguration.builder().build());
        this.rank = rank;
        this.workers = workers;
        this.secret = secret.clone();
        this.memory = memory;
        this.server = server;
        mesh.get().getRootNode().setId(rootId);
        for (int r = 1; r < workers; r++) {
            mesh.get().addNode(nodeId(r));
        }
        numerOfNodes.set(workers);
    }

    /** Opens a port of the system's choice on this host's own address. */
    static TcpTransport listen(String host, int rank, int workers, byte[] secret, VectorMemory memory)
            throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        try {
            server.bind(new InetSocketAddress(host, 0));
        } catch (IOException | RuntimeException e) {
            server.close();
            throw new IOException(
                    "the exchange cannot listen on '" + host + "', the address of this executor: " + e.getMessage(), e);
        }
        return new TcpTransport(rank, workers, secret, memory, server);
    }

    static String nodeId(int rank) {
        return "worker-" + rank;
    }

    /** Where the others reach this worker. */
    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) server.getLocalAddress();
    }

    /** What is run, once, when a connection fails. */
    void onFailure(Runnable action) {
        onFailure = action;
    }

    /** Why a worker can no longer be reached; null as long as all can. */
    PeerLostException failure() {
        return failure;
    }

    /**
     * Meets all the others; when it returns, every worker can send to this one and this one to all.
     *
     * @param all the workers' addresses, in the order of their ranks
     * @param silence after which a worker counts as lost
     * @throws PeerLostException when a worker does not come within the time
     */
    void connect(List<InetSocketAddress> all, Duration timeout, Duration silence) {
        addresses = all;
        this.silence = silence;
        long deadline = System.nanoTime() + timeout.toNanos();
        launch();
        for (int peer = 0; peer < rank; peer++) {
            connectTo(peer, deadline);
        }
        synchronized (this) {
            while (connections.size() < workers - 1) {
                checkFailure();
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new PeerLostException(
                            "only " + connections.size() + " of the " + (workers - 1)
                                    + " other workers met this one within " + timeout.toSeconds() + " s",
                            null);
                }
                try {
                    TimeUnit.NANOSECONDS.timedWait(this, left);
                } catch (InterruptedException e) {
                    throw interrupted(e);
                }
            }
        }
    }

    /** Lets the workers of higher rank in. */
    @Override
    public synchronized void launch() {
        Thread acceptor = new Thread(this::accept, "exchange acceptor");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    @Override
    public synchronized void launchAsMaster() {
        launch();
    }

    private void accept() {
        while (!closed) {
            try {
                SocketChannel channel = server.accept();
                if (handshakes.tryAcquire()) {
                    Thread welcome = new Thread(() -> welcome(channel), "exchange handshake");
                    welcome.setDaemon(true);
                    welcome.start();
                } else {
                    channel.close();
                }
            } catch (IOException e) {
                if (!closed) {
                    failed(rank, e);
                }
                return;
            }
        }
    }

    private void welcome(SocketChannel channel) {
        String from = "?";
        try {
            from = String.valueOf(channel.getRemoteAddress());
            configure(channel);
            Handshake.Agreed agreed = Handshake.accepting(channel.socket(), secret, rank);
            int peer = agreed.peer();
            if (peer <= rank || peer >= workers || !add(channel, agreed)) {
                throw new IOException("no worker " + peer + " is awaited");
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("the exchange turned away {}: {}", from, e.getMessage());
            closeQuietly(channel);
        } finally {
            handshakes.release();
        }
    }

    private void connectTo(int peer, long deadline) {
        InetSocketAddress address = addresses.get(peer);
        SocketChannel channel = null;
        try {
            long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
            channel = SocketChannel.open();
            channel.socket().connect(address, (int) Math.min(millis, Integer.MAX_VALUE));
            configure(channel);
            add(channel, Handshake.connecting(channel.socket(), secret, rank, peer));
        } catch (IOException | RuntimeException e) {
            closeQuietly(channel);
            throw new PeerLostException(
                    "worker " + rank + " cannot reach worker " + peer + " at " + address + ": " + e.getMessage(), e);
        }
    }

    private static void configure(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        channel.socket().setSoTimeout(MILLIS_FOR_HANDSHAKE); // frames are read from the channel, which has no timeout
    }

    private boolean add(SocketChannel channel, Handshake.Agreed agreed) {
        Connection connection = new Connection(channel, agreed, memory, silence, this);
        if (connections.putIfAbsent(agreed.peer(), connection) != null) {
            return false;
        }
        connection.start();
        synchronized (this) {
            notifyAll();
        }
        return true;
    }

    @Override
    public String id() {
        return id;
    }

    /**
     * Queues a slice or a record for another worker.
     *
     * @throws IllegalArgumentException for DL4J's other messages, which would have to be deserialized as Java objects
     */
    @Override
    public void sendMessage(VoidMessage message, String to) {
        if (!(message instanceof SliceMessage) && !(message instanceof RecordMessage)) {
            throw new IllegalArgumentException(
                    "only slices and records are sent, no " + message.getClass().getSimpleName());
        }
        checkFailure();
        for (Map.Entry<Integer, Connection> connection : connections.entrySet()) {
            if (nodeId(connection.getKey()).equals(to)) {
                connection.getValue().enqueue(message);
                return;
            }
        }
        throw new IllegalArgumentException(id + " is not connected to " + to);
    }

    @Override
    public boolean isConnected() {
        return connections.size() == workers - 1 && failure == null;
    }

    @Override
    public boolean isIntroduced() {
        return isConnected();
    }

    @Override
    public void received(VoidMessage message, int sender) {
        message.setOriginatorId(nodeId(sender));
        internalProcessMessage(message);
    }

    @Override
    public void failed(int peer, Throwable cause) {
        synchronized (this) {
            if (closed || failure != null) {
                return;
            }
            String where = peer < addresses.size() ? " (" + addresses.get(peer) + ")" : "";
            failure = new PeerLostException(
                    "worker " + rank + " lost worker " + peer + where + ": " + cause.getMessage(), cause);
            notifyAll();
        }
        onFailure.run();
    }

    /** Ends all when a worker has been silent for too long. */
    void checkSilence() {
        connections.forEach((peer, connection) -> {
            if (connection.isSilent()) {
                failed(peer, new IOException("nothing was heard of it for " + silence.toSeconds() + " s"));
            }
        });
    }

    private void checkFailure() {
        if (failure != null) {
            throw new PeerLostException(failure.getMessage(), failure);
        }
    }

    static PeerLostException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new PeerLostException("the exchange was interrupted", e);
    }

    @Override
    public void shutdown() {
        closed = true;
        super.shutdown();
        try {
            server.close();
            for (Connection connection : connections.values()) {
                connection.close();
            }
        } catch (IOException e) {
            LOG.warn("the exchange could not close a connection: {}", e.getMessage());
        }
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            LOG.debug("a refused connection could not be closed", e);
        }
    }
}
