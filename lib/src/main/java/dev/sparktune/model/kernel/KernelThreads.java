package dev.sparktune.model.kernel;

/** How many threads the arithmetic of this JVM takes: the one number that results depend on beside the CPU's type. */
public final class KernelThreads {
    /**
     * The system property that sets it, for a JVM that shares its machine: {@code -Ddev.sparktune.threads=4}. Spark starts no
     * executor with {@code -Dspark…}.
     */
    public static final String PROPERTY = "dev.sparktune.threads";

    private KernelThreads() {}

    /**
     * What the property says, else all of the machine's processors.
     *
     * @throws IllegalArgumentException for a property that is no whole number of at least 1
     */
    public static int count() {
        String threads = System.getProperty(PROPERTY);
        if (threads == null) {
            return Runtime.getRuntime().availableProcessors();
        }
        if (!threads.matches("[1-9][0-9]{0,4}")) {
            throw new IllegalArgumentException(
                    "-D" + PROPERTY + " must be a whole number from 1 to 99999, but is '" + threads + "'");
        }
        return Integer.parseInt(threads);
    }
}
