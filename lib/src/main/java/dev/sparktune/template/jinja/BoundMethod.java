package dev.sparktune.template.jinja;

/** A method of a value that is not called yet: {@code x.items}. */
record BoundMethod(Object self, String name) implements Invocable {
    @Override
    public Object call(Context context, Arguments arguments) {
        return Methods.of(context, self, name).call("'" + name + "()'", context, self, arguments);
    }

    @Override
    public String typeName() {
        return "builtin_function_or_method";
    }
}
