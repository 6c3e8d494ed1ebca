package dev.sparktune.jobs.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * A line from tasks to the driver while they run, over Spark's own connection: Spark itself hears of a task only when it ends.
 * A Spark plugin, so it must be named before the session starts.
 */
public final class DriverLink implements SparkPlugin {
    private static final String PLUGINS = "spark.plugins";

    /** In the driver's JVM: who hears, by the name that tasks tell to. */
    private static final Map<String, Consumer<String>> LISTENING = new ConcurrentHashMap<>();

    /** In an executor's JVM. */
    private static volatile PluginContext executor;

    /** Names the plugin beside the user's. */
    static void addTo(SparkConf conf) {
        String own = DriverLink.class.getName();
        String others = conf.get(PLUGINS, "");
        if (!others.contains(own)) {
            conf.set(PLUGINS, others.isBlank() ? own : others + "," + own);
        }
    }

    /** In the driver: hears what is told to {@code name}, on a thread of Spark's, until it is closed. */
    public static Listening listen(String name, Consumer<String> listener) {
        LISTENING.put(name, listener);
        return () -> LISTENING.remove(name);
    }

    /** Ends hearing. */
    public interface Listening extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * In a task: tells the driver, and returns when it was heard there.
     *
     * @return whether anybody listens still
     * @throws RuntimeException what the listener threw
     */
    public static boolean tell(String name, String message) {
        Consumer<String> here = LISTENING.get(name);
        if (here != null) { // the driver's JVM is the executor
            here.accept(message);
            return true;
        }
        if (executor == null) {
            throw new IllegalStateException(
                    "no line to the driver: " + PLUGINS + " does not name " + DriverLink.class.getName());
        }
        try {
            return (Boolean) executor.ask(new String[] {name, message});
        } catch (Exception e) {
            Throwable cause = e instanceof SparkException && e.getCause() != null ? e.getCause() : e;
            if (cause instanceof RuntimeException thrown) {
                throw thrown;
            }
            throw new UncheckedIOException(
                    new IOException("the driver could not be told: " + cause.getMessage(), cause));
        }
    }

    @Override
    public DriverPlugin driverPlugin() {
        return new DriverPlugin() {
            @Override
            public Object receive(Object message) {
                String[] told = (String[]) message;
                Consumer<String> listener = LISTENING.get(told[0]);
                if (listener != null) {
                    listener.accept(told[1]);
                }
                return listener != null;
            }
        };
    }

    @Override
    public ExecutorPlugin executorPlugin() {
        return new ExecutorPlugin() {
            @Override
            public void init(PluginContext context, Map<String, String> extraConf) {
                executor = context;
            }
        };
    }
}
