package dev.sparktune.jobs.testing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Lets one process see other files under a path than everybody else: a machine of its own, as far as files go. */
public final class MountNamespace {
    private MountNamespace() {}

    /**
     * A command that runs another one after a change of the file system that nobody else sees. Where that is forbidden the test
     * is skipped.
     */
    public static String[] command(String change) throws InterruptedException {
        String[] unshare = {"unshare", "--mount", "sh", "-c", change + " && exec \"$@\"", "sh"};
        List<String> trial = new ArrayList<>(List.of(unshare));
        trial.add("true");
        try {
            if (new ProcessBuilder(trial).start().waitFor() == 0) {
                return unshare;
            }
        } catch (IOException e) {
            // no unshare on this machine
        }
        return Assumptions.abort("needs a mount namespace: unshare, as root");
    }
}
