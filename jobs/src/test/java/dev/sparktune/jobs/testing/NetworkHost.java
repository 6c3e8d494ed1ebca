package dev.sparktune.jobs.testing;

import java.util.List;

/**
 * Where a process of a cluster runs.
 *
 * @param address that it listens on, and by which the others know it
 * @param inside the command that runs another one there; empty for this process's own network
 */
public record NetworkHost(String address, List<String> inside) {
    static final NetworkHost LOOPBACK = new NetworkHost("127.0.0.1", List.of());
}
