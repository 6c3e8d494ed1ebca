package dev.sparktune.template.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** What a set or for assigns to. */
sealed interface Target {
    void assign(Context context, Object value);

    /** The variables it sets. */
    List<String> names();

    record Variable(String name) implements Target {
        @Override
        public void assign(Context context, Object value) {
            context.set(name, value);
        }

        @Override
        public List<String> names() {
            return List.of(name);
        }
    }

    /** {@code namespace.attribute}. */
    record NamespaceAttribute(String namespace, String attribute) implements Target {
        @Override
        public void assign(Context context, Object value) {
            if (!(context.get(namespace, null) instanceof Namespace found)) {
                throw new EvalException("cannot assign attribute on non-namespace object '" + namespace + "'");
            } else if (context.dialect().immutable() && attribute.startsWith("_")) {
                throw new EvalException("a namespace has no attribute '" + attribute + "' that could be set");
            }
            found.attributes().put(attribute, value);
        }

        @Override
        public List<String> names() {
            return List.of();
        }
    }

    record Unpacked(List<Target> targets) implements Target {
        @Override
        public void assign(Context context, Object value) {
            Iterator<Object> items = Iteration.of(context, value);
            for (int i = 0; i < targets.size(); i++) {
                if (!items.hasNext()) {
                    throw new EvalException(
                            "not enough values to unpack (expected " + targets.size() + ", got " + i + ")");
                }
                targets.get(i).assign(context, items.next());
            }
            if (items.hasNext()) {
                throw new EvalException("too many values to unpack (expected " + targets.size() + ")");
            }
        }

        @Override
        public List<String> names() {
            List<String> names = new ArrayList<>();
            targets.forEach(target -> names.addAll(target.names()));
            return names;
        }
    }
}
