package dev.sparktune.model.hf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sparktune.model.DecoderConfig;
import dev.sparktune.model.ParameterLayout;

/** A family of models: how its {@code config.json} reads, and what its files call the decoder's tensors. */
interface Family {
    /** As {@code config.json} has it. */
    String modelType();

    /**
     * Keys that are absent have the defaults of transformers.
     *
     * @throws ModelFormatException for an option that the decoder does not compute, by its name
     */
    DecoderConfig read(ConfigReader config);

    /** All of the decoder's parameters, each in one tensor; and which of them are linear maps of blocks. */
    HfTensors tensors(DecoderConfig config, ParameterLayout layout);

    /** A regular expression for the ends of names that are no parameters: tables that some versions of transformers saved. */
    String ignoredNames();

    /** Puts what readers of another age expect under another key beside what the base has. */
    void writeBothSpellings(ConfigReader base, ObjectNode written);
}
