package dev.sparktune.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseTest {
    private static final Duration RENEWAL = Duration.ofMillis(100);
    private static final Duration EXPIRY = Duration.ofMillis(800);

    @TempDir
    Path root;

    private FileSystem local;
    private Path file;

    @BeforeEach
    void local() throws IOException {
        local = FileSystem.getLocal(new Configuration());
        file = root.resolve("out/data.__lease");
    }

    @Test
    void aSecondRunIsRefusedWhileTheFirstIsAlive() throws IOException {
        try (Lease first = take()) {
            assertThatThrownBy(this::take)
                    .isInstanceOf(JobFailure.class)
                    .hasMessageMatching(
                            ".*/data.__lease: process \\d+ on \\S+, since \\S+, is writing this output; wait for"
                                    + " its end, or give another output");
            first.check();
        }
        assertThat(file).doesNotExist();
        take().close();
    }

    @Test
    void ofManyAtOnceOneHasIt() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Lease>> takers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                takers.add(this::take);
            }
            List<Lease> taken = new ArrayList<>();
            int refused = 0;
            for (Future<Lease> taker : threads.invokeAll(takers)) {
                try {
                    taken.add(taker.get());
                } catch (java.util.concurrent.ExecutionException e) {
                    assertThat(e).hasCauseInstanceOf(JobFailure.class);
                    refused++;
                }
            }
            assertThat(taken).hasSize(1);
            assertThat(refused).isEqualTo(7);
            taken.get(0).close();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aRunKilledOnAnotherMachineIsSucceededAfterAWhile() throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, Json.compact(new Lease.Owner("r", "worker-7", "elsewhere", 1, "", "t", 9)));
        long started = System.nanoTime();
        try (Lease lease = take()) {
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThanOrEqualTo(EXPIRY);
            lease.check();
        }
    }

    @Test
    void aRunKilledOnThisMachineIsSucceededAtOnce() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        String started = process.info().startInstant().orElseThrow().toString();
        Files.createDirectories(file.getParent());
        String machine =
                Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip()
                        + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
        Files.writeString(file, Json.compact(new Lease.Owner("r", "h", machine, process.pid(), started, "t", 9)));
        process.destroyForcibly().waitFor();

        long asked = System.nanoTime();
        take().close();
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(EXPIRY);
    }

    @Test
    void whoWasTakenForDeadMayNotGoOn() throws IOException {
        Lease first = take();
        Files.writeString(file, Files.readString(file).replaceFirst("\"run\":\"[^\"]+\"", "\"run\":\"another\""));
        assertThatThrownBy(first::check)
                .isInstanceOf(JobFailure.class)
                .hasMessageEndingWith("another run has taken this output over, as this one gave no sign of life");
        first.close();
        assertThat(file).as("not ours to remove").exists();
    }

    @Test
    void aFileThatWasCutShortIsNoOnesAfterAWhile() throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "{\"run\": ");
        take().close();
    }

    private Lease take() throws IOException {
        return Lease.take(local, new org.apache.hadoop.fs.Path(file.toUri()), RENEWAL, EXPIRY);
    }
}
