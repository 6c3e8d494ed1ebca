package dev.sparktune.jobs.run;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * The right to write an output: a file beside it, made exclusively, that its owner renews every few seconds. Who finds it waits to
 * see it renewed, and is refused; a file that nobody renews is of a run that was killed, and is taken over. No clocks are compared.
 *
 * <p>Exclusive on local disks and HDFS. An object store that overwrites without asking only makes two runs at once unlikely.
 */
final class Lease implements Closeable {
    private static final Duration RENEWAL = Duration.ofSeconds(5);
    /** Longer than a collection of garbage stops a driver. */
    private static final Duration EXPIRY = Duration.ofSeconds(30);

    private static final int MOST_BYTES = 4_000;

    private final FileSystem fileSystem;
    private final Path file;
    private final Owner owner;
    private final Duration renewal;
    private final Thread renewer;
    private volatile boolean closed;
    private volatile boolean lost;

    /**
     * What stands in the file.
     *
     * @param run a random name
     * @param machine and its process namespace: where it is the same, processes can be asked after; empty where that is not known
     * @param processStarted tells a process from a later one of the same number
     * @param renewed how often
     */
    record Owner(
            String run, String host, String machine, long process, String processStarted, String since, long renewed) {
        private static Owner self() {
            ProcessHandle self = ProcessHandle.current();
            return new Owner(
                    UUID.randomUUID().toString(),
                    hostName(),
                    machineName(),
                    self.pid(),
                    startOf(self),
                    Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                    0);
        }

        private Owner renewed(long times) {
            return new Owner(run, host, machine, process, processStarted, since, times);
        }

        /** Only where that can be known. */
        private boolean isDead() {
            return !machine.isEmpty()
                    && machine.equals(machineName())
                    && ProcessHandle.of(process)
                            .map(there -> !startOf(there).equals(processStarted))
                            .orElse(true);
        }

        @Override
        public String toString() {
            return "process " + process + " on " + host + ", since " + since;
        }

        private static String startOf(ProcessHandle process) {
            return process.info().startInstant().map(Instant::toString).orElse("");
        }

        private static String hostName() {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (IOException e) {
                return "a host without a name";
            }
        }

        private static String machineName() {
            try {
                return Files.readString(java.nio.file.Path.of("/proc/sys/kernel/random/boot_id"))
                                .strip()
                        + Files.readSymbolicLink(java.nio.file.Path.of("/proc/self/ns/pid"));
            } catch (IOException | UnsupportedOperationException e) {
                return "";
            }
        }
    }

    private Lease(FileSystem fileSystem, Path file, Owner owner, Duration renewal) {
        this.fileSystem = fileSystem;
        this.file = file;
        this.owner = owner;
        this.renewal = renewal;
        this.renewer = new Thread(this::renew, "sparktune-lease");
        renewer.setDaemon(true);
        renewer.start();
    }

    /** @throws JobFailure when another run that is alive has it, naming that */
    static Lease take(FileSystem fileSystem, Path file) throws IOException {
        return take(fileSystem, file, RENEWAL, EXPIRY);
    }

    static Lease take(FileSystem storage, Path file, Duration renewal, Duration expiry) throws IOException {
        // On a local disk without the files of checksums, which would be at odds with the file while it is renewed.
        FileSystem fileSystem = storage instanceof LocalFileSystem local ? local.getRaw() : storage;
        Owner self = Owner.self();
        String mine = Json.compact(self);
        fileSystem.mkdirs(file.getParent());
        while (!create(fileSystem, file, mine)) {
            String found = read(fileSystem, file);
            if (found != null) {
                awaitDeath(fileSystem, file, found, renewal, expiry);
                takeAway(fileSystem, file, found);
            }
        }
        return new Lease(fileSystem, file, self, renewal);
    }

    /** @throws JobFailure when another run has taken it over: this one did not renew it in time, and must not go on */
    void check() throws IOException {
        if (lost || isTaken(read(fileSystem, file))) {
            throw new JobFailure(Redaction.text(file.toString())
                    + ": another run has taken this output over, as this one gave no sign of life");
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        LockSupport.unpark(renewer);
        try {
            renewer.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!isTaken(read(fileSystem, file))) {
            fileSystem.delete(file, false);
        }
    }

    private void renew() {
        for (long times = 1; !closed; times++) {
            LockSupport.parkNanos(renewal.toNanos());
            try {
                if (closed || isTaken(read(fileSystem, file))) {
                    lost = !closed;
                    return;
                }
                try (FSDataOutputStream out = fileSystem.create(file, true)) {
                    out.write(Json.compact(owner.renewed(times)).getBytes(StandardCharsets.UTF_8));
                }
            } catch (IOException | UncheckedIOException e) {
                // The storage may answer next time; if it does not, the output cannot be finished either.
            }
        }
    }

    /** An empty file is this run's own, seen while it is renewed. */
    private boolean isTaken(String found) {
        return found == null || !found.isEmpty() && !found.contains(owner.run());
    }

    private static void awaitDeath(FileSystem fileSystem, Path file, String found, Duration renewal, Duration expiry)
            throws IOException {
        Owner other = owner(found);
        if (other != null && other.isDead()) {
            return;
        }
        String who = Redaction.text(file.toString()) + ": " + (other == null ? "a run that cannot be told" : other);
        System.err.println(who + ", writes this output; waiting for a sign of life");
        long started = System.nanoTime();
        while (System.nanoTime() - started < expiry.toNanos()) {
            LockSupport.parkNanos(Math.max(1, renewal.toNanos() / 5));
            String now = read(fileSystem, file);
            if (now == null) {
                return;
            }
            if (!now.equals(found)) {
                throw new JobFailure(who + ", is writing this output; wait for its end, or give another output");
            }
        }
    }

    /** One of several that found the same dead run's file has it afterwards; what is another's by then is put back. */
    private static void takeAway(FileSystem fileSystem, Path file, String found) throws IOException {
        Path aside = file.suffix("." + UUID.randomUUID());
        if (fileSystem.exists(file) && fileSystem.rename(file, aside)) {
            String taken = read(fileSystem, aside);
            if (taken != null && !taken.equals(found)) {
                create(fileSystem, file, taken);
            }
            fileSystem.delete(aside, false);
        }
    }

    private static Owner owner(String json) {
        try {
            return Json.read(json, Owner.class);
        } catch (IllegalArgumentException e) {
            return null; // killed while writing it
        }
    }

    /** Null where it is not there. */
    private static String read(FileSystem fileSystem, Path file) throws IOException {
        try (InputStream in = fileSystem.open(file)) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        } catch (FileNotFoundException e) {
            return null;
        }
    }

    /** @return false where it is there already */
    private static boolean create(FileSystem fileSystem, Path file, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (fileSystem instanceof RawLocalFileSystem) {
            // Hadoop looks first and creates then; the operating system does both at once.
            try {
                Files.write(java.nio.file.Path.of(file.toUri().getPath()), bytes, StandardOpenOption.CREATE_NEW);
                return true;
            } catch (FileAlreadyExistsException e) {
                return false;
            }
        }
        try (FSDataOutputStream out = fileSystem.create(file, false)) {
            out.write(bytes);
            return true;
        } catch (org.apache.hadoop.fs.FileAlreadyExistsException e) {
            return false;
        }
    }
}
