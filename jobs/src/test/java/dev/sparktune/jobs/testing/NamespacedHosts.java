package dev.sparktune.jobs.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Hosts of a small network on this machine, each a network namespace with an address of its own: veth pairs tie them to a bridge,
 * which has an address too, for what runs outside of them. Made by {@code ip}, as root, one network at a time; closing removes all
 * of it.
 */
public final class NamespacedHosts implements AutoCloseable {
    private static final Path DEVICES = Path.of("/sys/class/net");
    private static final Path NAMESPACES = Path.of("/run/netns");

    /** Of a name that {@link #removeLeftBehind} finds again: this, the process that made it, what it is. */
    private static final String PREFIX = "stk";

    private final String name = PREFIX + ProcessHandle.current().pid();
    private final String bridge = name + "br";
    private final Thread atExit = new Thread(this::remove);
    private final List<NetworkHost> hosts = new ArrayList<>();
    private final NetworkHost here;

    /** Its addresses but for their last number. */
    private final String network;

    private NamespacedHosts(String network) {
        here = new NetworkHost(network + 1, List.of());
        this.network = network;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Makes them, and removes what killed processes left of theirs. Where this machine does not allow it, the test is skipped. */
    public static NamespacedHosts make(int count) throws InterruptedException {
        NamespacedHosts hosts = null;
        try {
            removeLeftBehind();
            hosts = new NamespacedHosts(freeNetwork());
            hosts.add(count);
            return hosts;
        } catch (IOException e) {
            if (hosts != null) {
                hosts.close();
            }
            return Assumptions.abort("needs a network namespace: " + e.getMessage());
        }
    }

    private void add(int count) throws IOException, InterruptedException {
        ip("link add " + bridge + " type bridge");
        ip("address add " + here.address() + "/24 dev " + bridge);
        ip("link set " + bridge + " up");
        for (int i = 0; i < count; i++) {
            hosts.add(host(i, network + (i + 2)));
        }
    }

    private NetworkHost host(int index, String address) throws IOException, InterruptedException {
        String namespace = name + "n" + index;
        String veth = veth(index);
        ip("netns add " + namespace);
        ip("link add " + veth + " type veth peer name eth0 netns " + namespace);
        ip("link set " + veth + " master " + bridge + " up");
        ip("-n " + namespace + " address add " + address + "/24 dev eth0");
        ip("-n " + namespace + " link set eth0 up");
        ip("-n " + namespace + " link set lo up");
        ip("netns exec " + namespace + " true");
        return new NetworkHost(address, List.of("ip", "netns", "exec", namespace));
    }

    /** This process's side: what runs outside of the namespaces listens on its address. */
    public NetworkHost here() {
        return here;
    }

    /** In the order of their numbers. */
    public List<NetworkHost> all() {
        return List.copyOf(hosts);
    }

    /** Takes a host off the network, as a pulled cable would: nobody is told. */
    public void cut(int index) throws IOException, InterruptedException {
        ip("link set " + veth(index) + " down");
    }

    /** What a host has sent so far. */
    public long bytesFrom(int index) throws IOException {
        return received(veth(index));
    }

    /** What the hosts have sent each other so far: all that they sent, less what the bridge handed to this side. */
    public long bytesBetween() throws IOException {
        long sent = 0;
        for (int i = 0; i < hosts.size(); i++) {
            sent += bytesFrom(i);
        }
        return sent - received(bridge);
    }

    private static long received(String device) throws IOException {
        return Long.parseLong(Files.readString(DEVICES.resolve(device).resolve("statistics/rx_bytes"))
                .strip());
    }

    private String veth(int index) {
        return name + "v" + index;
    }

    /** {@code 10.77.N.}, of which no device here has an address; N begins at a number of this process's own. */
    private static String freeNetwork() throws IOException, InterruptedException {
        String taken = output(List.of("ip", "-4", "-oneline", "address"));
        for (int i = 0; i < 256; i++) {
            String network = "10.77." + (ProcessHandle.current().pid() + i) % 256 + ".";
            if (!taken.contains(" " + network)) {
                return network;
            }
        }
        throw new IllegalStateException("every 10.77.N.0/24 is taken: " + taken);
    }

    private static void removeLeftBehind() throws IOException, InterruptedException {
        for (Path directory : List.of(NAMESPACES, DEVICES)) {
            for (String left : names(directory)) {
                if (left.matches(PREFIX + "\\d+(br|n\\d+|v\\d+)")) {
                    long owner = Long.parseLong(left.substring(PREFIX.length()).replaceAll("\\D.*", ""));
                    if (ProcessHandle.of(owner).isEmpty()) {
                        remove(directory, left);
                    }
                }
            }
        }
    }

    private static List<String> names(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }

    /** Of a veth pair both ends go with either. */
    private static void remove(Path directory, String left) throws IOException, InterruptedException {
        if (Files.exists(directory.resolve(left))) {
            ip((directory.equals(NAMESPACES) ? "netns" : "link") + " delete " + left);
        }
    }

    private void remove() {
        try {
            for (int i = 0; i < hosts.size() + 1; i++) { // the one that failed, too
                remove(DEVICES, veth(i));
                remove(NAMESPACES, name + "n" + i);
            }
            remove(DEVICES, bridge);
        } catch (IOException e) {
            throw new IllegalStateException("the network of the test is left behind: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        remove();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    private static void ip(String arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(Arrays.asList(arguments.split(" ")));
        output(command);
    }

    private static String output(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("'" + String.join(" ", command) + "' says: " + output.strip());
        }
        return output;
    }
}
