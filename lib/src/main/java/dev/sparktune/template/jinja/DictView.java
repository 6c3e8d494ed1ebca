package dev.sparktune.template.jinja;

/** What {@code keys()}, {@code values()} and {@code items()} return: a live view of the dict. */
record DictView(Kind kind, Dict dict) {
    enum Kind {
        KEYS("dict_keys"),
        VALUES("dict_values"),
        ITEMS("dict_items");

        final String typeName;

        Kind(String typeName) {
            this.typeName = typeName;
        }
    }

    Object element(Dict.Entry entry) {
        return switch (kind) {
            case KEYS -> entry.key();
            case VALUES -> entry.value();
            case ITEMS -> Tuple.of(entry.key(), entry.value());
        };
    }
}
