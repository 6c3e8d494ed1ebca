package dev.sparktune.model.hf;

import java.util.Locale;

/** Number formats in which a model can be saved. */
public enum SaveDtype {
    FLOAT32(Dtype.F32),
    FLOAT16(Dtype.F16),
    BFLOAT16(Dtype.BF16);

    private final Dtype dtype;

    SaveDtype(Dtype dtype) {
        this.dtype = dtype;
    }

    Dtype dtype() {
        return dtype;
    }

    /** As {@code config.json} spells it: {@code float32}, {@code float16}, {@code bfloat16}. */
    public String configName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
