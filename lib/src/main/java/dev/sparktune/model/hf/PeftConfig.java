package dev.sparktune.model.hf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sparktune.model.PeftMethod;
import java.io.Serializable;
import java.util.List;

/** A PEFT method as {@code adapter_config.json} describes it. One that is read back must be listed in {@link PeftConfigs}. */
public interface PeftConfig extends Serializable {
    /** PEFT's name of the method: {@code LORA}. */
    String peftType();

    /**
     * The method on a base.
     *
     * @throws ModelFormatException where the base has not what it asks for
     */
    PeftMethod on(ModelInfo base);

    /** How the tensors of {@link #on}'s layout are stored. */
    List<HfTensor> tensors(ModelInfo base);

    /** Adds the method's own keys. */
    void write(ObjectNode json, ModelInfo base);
}
