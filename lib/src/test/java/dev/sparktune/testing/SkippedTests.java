package dev.sparktune.testing;

import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Ends a module's tests with the list of those that did not run, each under its reason. Loaded as a service. */
public final class SkippedTests implements TestExecutionListener {
    private final Map<String, TreeSet<String>> testsByReason = new TreeMap<>();

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        add(test, reason);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() == Status.ABORTED) {
            add(test, result.getThrowable().map(Throwable::getMessage).orElse("no reason given"));
        }
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        if (testsByReason.isEmpty()) {
            return;
        }
        StringBuilder list = new StringBuilder("Skipped, by what was missing:\n");
        testsByReason.forEach((reason, tests) -> {
            list.append("  ").append(reason).append('\n');
            tests.forEach(test -> list.append("    ").append(test).append('\n'));
        });
        System.out.print(list);
        testsByReason.clear();
    }

    private synchronized void add(TestIdentifier test, String reason) {
        testsByReason.computeIfAbsent(reason, r -> new TreeSet<>()).add(name(test));
    }

    private static String name(TestIdentifier test) {
        return test.getSource()
                .map(source -> {
                    if (source instanceof MethodSource method) {
                        return method.getClassName() + "." + method.getMethodName();
                    }
                    return source instanceof ClassSource type ? type.getClassName() : test.getDisplayName();
                })
                .orElse(test.getDisplayName());
    }
}
