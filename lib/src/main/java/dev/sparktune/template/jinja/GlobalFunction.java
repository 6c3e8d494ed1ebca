package dev.sparktune.template.jinja;

/** A function that every template can call by name. */
record GlobalFunction(String name, Builtin function) implements Invocable {
    @Override
    public Object call(Context context, Arguments arguments) {
        return function.call(name + "()", context, null, arguments);
    }

    @Override
    public String typeName() {
        return "builtin_function_or_method";
    }
}
