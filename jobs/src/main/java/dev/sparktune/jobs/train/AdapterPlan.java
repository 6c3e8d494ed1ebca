package dev.sparktune.jobs.train;

import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.Locations;
import dev.sparktune.jobs.run.ModelLoader;
import dev.sparktune.jobs.run.Redaction;
import dev.sparktune.jobs.settings.LoraSettings;
import dev.sparktune.jobs.settings.Settings;
import dev.sparktune.jobs.settings.SettingsException;
import dev.sparktune.model.Adapter;
import dev.sparktune.model.Decoder;
import dev.sparktune.model.hf.HfAdapter;
import dev.sparktune.model.hf.HfModel;
import dev.sparktune.model.hf.LoraConfig;
import dev.sparktune.model.hf.ModelFormatException;
import dev.sparktune.model.hf.ModelInfo;
import dev.sparktune.model.hf.PeftConfig;
import dev.sparktune.model.hf.TargetModules;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The adapter that a run trains.
 *
 * @param config its method
 * @param init directory of one to start from, which every executor can read; null: the method's own start
 * @param baseName how the base is called in {@code adapter_config.json}
 */
public record AdapterPlan(PeftConfig config, String init, String baseName) implements Serializable {
    private static final String LORA = "lora";
    /** The setting that names the adapter to start from. */
    static final String INIT = "lora.init";

    private static final LoraSettings UNSET =
            Settings.read("defaults", "output: .", List.of(), Set.of()).lora();
    private static final Pattern HUB_NAME = Pattern.compile("\\w[\\w.-]*/(\\w[\\w.-]*)");

    /** How the hub's own cache lays models out. */
    private static final Pattern HUB_CACHE = Pattern.compile(".*/models--(\\w[\\w.-]*)/snapshots/[0-9a-f]+");

    /**
     * What the settings ask for on a base; null where all weights are trained.
     *
     * @throws JobFailure where the base has not what they ask for, or {@code lora.init} is no adapter for it
     */
    public static AdapterPlan of(Settings settings, ModelInfo base, Locations locations) throws IOException {
        if (!settings.train().method().equals(LORA)) {
            return null;
        }
        String init = settings.lora().init();
        if (init != null) {
            PeftConfig config = ModelLoader.checkAdapter(locations, INIT, init, base);
            return new AdapterPlan(config, locations.qualified(init), baseName(settings, base));
        }
        PeftConfig config = config(settings.lora());
        try {
            config.on(base);
        } catch (ModelFormatException e) {
            throw new JobFailure("lora." + e.getMessage(), e);
        }
        return new AdapterPlan(config, null, baseName(settings, base));
    }

    /** @throws SettingsException for what no base could have */
    public static void check(Settings settings) {
        if (settings.train().method().equals(LORA)) {
            config(settings.lora());
            return;
        }
        LoraSettings lora = settings.lora();
        requireUnset(settings, "r", lora.r(), UNSET.r());
        requireUnset(settings, "alpha", lora.alpha(), UNSET.alpha());
        requireUnset(settings, "dropout", lora.dropout(), UNSET.dropout());
        requireUnset(settings, "target_modules", lora.targetModules(), UNSET.targetModules());
        requireUnset(settings, "use_rslora", lora.useRslora(), UNSET.useRslora());
        requireUnset(settings, "init", lora.init(), UNSET.init());
    }

    /** Who sets it and trains all weights has most likely forgotten the method. */
    private static void requireUnset(Settings settings, String key, Object value, Object unset) {
        if (!Objects.equals(value, unset)) {
            throw new SettingsException("lora." + key + " is " + value + ", but train.method is "
                    + settings.train().method() + ", which trains no adapter: set train.method to " + LORA
                    + ", or leave lora." + key + " out");
        }
    }

    private static PeftConfig config(LoraSettings lora) {
        try {
            TargetModules targets = TargetModules.of(lora.targetModules());
            return new LoraConfig(lora.r(), lora.alpha(), lora.dropout(), targets, lora.useRslora());
        } catch (IllegalArgumentException e) {
            throw new SettingsException("lora." + e.getMessage());
        }
    }

    /**
     * The place that the user gave, as PEFT has it; or the hub's name for it, where it lies in the hub's cache, or where its config.json
     * tells a name that the directory has too. A name alone may be its parent's: what was tuned often keeps that.
     */
    private static String baseName(Settings settings, ModelInfo base) {
        String place = settings.model().base().replaceAll("/+$", "");
        Matcher cached = HUB_CACHE.matcher(place);
        if (cached.matches()) {
            return cached.group(1).replaceFirst("--", "/");
        }
        String told = base.config().path("_name_or_path").asText();
        Matcher hub = HUB_NAME.matcher(told);
        return hub.matches() && place.endsWith("/" + hub.group(1)) ? told : Redaction.text(place);
    }

    /** The adapter to start from: the same on every worker. */
    Adapter start(HfModel.Loaded base, Locations locations, long seed) throws IOException {
        Decoder decoder = base.decoder();
        return init == null
                ? Adapter.start(config.on(base.info()), decoder, seed)
                : ModelLoader.loadAdapter(locations, INIT, init, base);
    }

    /** Writes a PEFT directory. */
    void save(Path directory, Adapter adapter, ModelInfo base) {
        HfAdapter.save(directory, adapter, config, base, baseName);
    }
}
