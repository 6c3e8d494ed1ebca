package dev.sparktune.jobs.settings;

/** {@code pretrain}: the shape of a new model, under the names of its config.json. */
public record PretrainSettings(
        @Setting(help = "Directory with tokenizer.json and tokenizer_config.json.", required = true)
        String tokenizer,

        @Setting(help = "Column of plain text.", byDefault = "text")
        String textColumn,

        @Setting(
                help = "Share of the texts, in percent, that is for validation; equal texts stay together.",
                byDefault = "1",
                min = 0,
                max = 50)
        int validationSplitPercentage,

        @Setting(help = "Width of the residual stream.", byDefault = "128", min = 2)
        int hiddenSize,

        @Setting(help = "Width of the gated MLP.", byDefault = "384", min = 1)
        int intermediateSize,

        @Setting(help = "Blocks.", byDefault = "4", min = 1) int numHiddenLayers,

        @Setting(help = "Query heads.", byDefault = "4", min = 1)
        int numAttentionHeads,

        @Setting(help = "Key and value heads.", byDefault = "2", min = 1)
        int numKeyValueHeads,

        @Setting(help = "Longest sequence in tokens.", byDefault = "512", min = 2)
        int maxPositionEmbeddings,

        @Setting(help = "Base of the rotary frequencies.", byDefault = "10000.0", min = 1)
        double ropeTheta,

        @Setting(help = "Standard deviation of the initial weights.", byDefault = "0.02", min = 0)
        double initializerRange) {}
