package dev.sparktune.template.jinja;

import java.util.Map;

/** Jinja's {@code namespace()}: the one value that an inner scope can assign to. */
record Namespace(Map<String, Object> attributes) {}
