package dev.sparktune.template.jinja;

import java.util.ArrayList;
import java.util.List;

/** What the {@code attribute} argument of a filter names: {@code "a.b.0"} or an index. */
record AttributePath(List<Object> parts) {
    static AttributePath of(Object attribute) {
        if (attribute == null) {
            return new AttributePath(List.of());
        } else if (attribute instanceof Markup) {
            throw new EvalException("Markup as an attribute's name is not supported");
        } else if (!(attribute instanceof String path)) {
            return new AttributePath(List.of(attribute));
        } else {
            List<Object> parts = new ArrayList<>();
            for (Object part : Text.split(path, ".", -1)) {
                String name = (String) part;
                boolean index = !name.isEmpty() && name.codePoints().allMatch(Unicode::isDigit);
                parts.add(index ? NumberText.integer(name) : name);
            }
            return new AttributePath(parts);
        }
    }

    Object get(Context context, Object item) {
        return get(context, item, null);
    }

    /** @param otherwise stands in for what is undefined on the way, unless None */
    Object get(Context context, Object item, Object otherwise) {
        Object value = item;
        for (Object part : parts) {
            value = Subscript.item(context, value, part);
            value = otherwise != null && value instanceof Undefined ? otherwise : value;
        }
        return value;
    }
}
