package dev.sparktune.template.jinja;

/** A value that a template can call. Its text would be an address in Python, so it has none here. */
interface Invocable {
    Object call(Context context, Arguments arguments);

    /** Python's name of its type, for messages. */
    String typeName();
}
