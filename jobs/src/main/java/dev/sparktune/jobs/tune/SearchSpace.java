package dev.sparktune.jobs.tune;

import dev.sparktune.jobs.run.Json;
import dev.sparktune.jobs.settings.Settings;
import dev.sparktune.jobs.settings.SettingsException;
import dev.sparktune.jobs.settings.SettingsReference;
import dev.sparktune.jobs.settings.TuneSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;

/** The trials that {@code tune} asks for: every combination, or draws by seed. */
public final class SearchSpace {
    private static final String PREFIX = "tune.parameters: ";
    private static final int MOST_TRIALS = 1000;
    private static final String INIT = "lora.init";

    /** Other values of these would have other validation examples judge. */
    private static final Set<String> WHAT_JUDGES =
            Set.of("train.tasks", "train.max_eval_samples", "train.max_length", "train.on_long");

    private SearchSpace() {}

    /**
     * The trials in their order, each with settings that were checked as those of finetune are.
     *
     * @throws SettingsException for a key or a value that cannot be tried
     */
    public static List<Trial> trials(Settings settings) {
        TuneSettings tune = settings.tune();
        checkKeys(settings);
        List<Map<String, Object>> choices = tune.search().equals("grid") ? grid(tune.parameters()) : draws(tune);
        Map<?, ?> base = new LinkedHashMap<>((Map<?, ?>) Json.tree(settings));
        base.remove("tune");
        String yaml = Json.write(base); // JSON is YAML
        List<Trial> trials = new ArrayList<>();
        for (Map<String, Object> values : choices) {
            trials.add(new Trial(trials.size() + 1, values, with(yaml, values)));
        }
        return trials;
    }

    private static Settings with(String yaml, Map<String, Object> values) {
        List<String> sets = values.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + Json.compact(entry.getValue()))
                .toList();
        try {
            return Settings.read("tune", yaml, sets, Set.of("output", "data", "model", "train", "lora"));
        } catch (SettingsException e) {
            throw new SettingsException(PREFIX + e.getMessage());
        }
    }

    private static void checkKeys(Settings settings) {
        TuneSettings tune = settings.tune();
        if (tune.parameters().isEmpty()) {
            throw new SettingsException("tune.parameters names no key to try values of");
        }
        if (tune.search().equals("grid") && tune.trials() != null) {
            throw new SettingsException("tune.trials is " + tune.trials()
                    + ", but a grid has as many trials as its values have combinations; tune.search=random draws them");
        }
        if (tune.search().equals("random") && tune.trials() == null) {
            throw new SettingsException("tune.trials: is required where tune.search is random");
        }
        for (String key : tune.parameters().keySet()) {
            boolean tried = key.startsWith("model.") || key.startsWith("train.") || key.startsWith("lora.");
            if (!tried || operational(key)) {
                throw new SettingsException(PREFIX + "'" + key
                        + "' cannot be tried; only keys of model, train and lora can that change what comes out");
            }
            if (decidedByInit(key, settings)) {
                throw new SettingsException(
                        PREFIX + "'" + key + "' cannot be tried beside " + INIT + ", whose adapter decides about it");
            }
            boolean drawsOtherExamples =
                    key.equals("train.seed") && settings.train().maxEvalSamples() != null;
            boolean otherTokens = key.equals("model.base") && tune.metric().equals("eval_loss");
            if (WHAT_JUDGES.contains(key) || drawsOtherExamples || otherTokens) {
                throw new SettingsException(PREFIX + "'" + key + "' cannot be tried"
                        + (otherTokens
                                ? " by eval_loss, which is per token and so differs by tokenizer; set tune.metric=eval_accuracy"
                                : ", since other values of it have other validation examples judge"));
            }
        }
    }

    private static boolean decidedByInit(String key, Settings settings) {
        boolean init =
                settings.lora().init() != null || settings.tune().parameters().containsKey(INIT);
        return init && key.startsWith("lora.") && !key.equals(INIT);
    }

    private static boolean operational(String key) {
        return SettingsReference.keys().stream().anyMatch(known -> known.name().equals(key) && known.operational());
    }

    /** The last key's values change fastest. */
    private static List<Map<String, Object>> grid(Map<String, Object> parameters) {
        List<Map<String, Object>> combinations = List.of(Map.of());
        for (Map.Entry<String, Object> parameter : parameters.entrySet()) {
            if (!(parameter.getValue() instanceof List<?> values) || values.isEmpty()) {
                throw new SettingsException(PREFIX + "'" + parameter.getKey() + "' must be a list of values for a grid,"
                        + " but is " + parameter.getValue());
            }
            List<Map<String, Object>> longer = new ArrayList<>();
            for (Map<String, Object> shorter : combinations) {
                for (Object value : values) {
                    Map<String, Object> combination = new LinkedHashMap<>(shorter);
                    combination.put(parameter.getKey(), value);
                    longer.add(combination);
                }
            }
            if (longer.size() > MOST_TRIALS) {
                throw new SettingsException("tune.parameters must have at most " + MOST_TRIALS
                        + " combinations, but has " + longer.size() + " up to '" + parameter.getKey()
                        + "'; draw some with tune.search=random");
            }
            combinations = longer;
        }
        return combinations;
    }

    private static List<Map<String, Object>> draws(TuneSettings tune) {
        Map<String, Function<Random, Object>> ranges = new LinkedHashMap<>();
        tune.parameters().forEach((key, range) -> ranges.put(key, range(key, range)));
        Random random = new Random(tune.seed());
        List<Map<String, Object>> drawn = new ArrayList<>();
        for (int trial = 0; trial < tune.trials(); trial++) {
            Map<String, Object> values = new LinkedHashMap<>();
            ranges.forEach((key, range) -> values.put(key, range.apply(random)));
            drawn.add(values);
        }
        return drawn;
    }

    private static Function<Random, Object> range(String key, Object given) {
        if (given instanceof List<?> values && !values.isEmpty()) {
            return random -> values.get(random.nextInt(values.size()));
        }
        if (!(given instanceof Map<?, ?> range)
                || !Set.of("min", "max", "scale").containsAll(range.keySet())) {
            throw new SettingsException(PREFIX + "'" + key
                    + "' must be a list of values or {min: A, max: B}, perhaps with scale: log, but is " + given);
        }
        double min = bound(key, range, "min");
        double max = bound(key, range, "max");
        boolean log = "log".equals(range.get("scale"));
        if (!(min < max) || (log && min <= 0) || (range.get("scale") != null && !log)) {
            throw new SettingsException(
                    PREFIX + "'" + key + "' must have min below max, and for scale: log, the only scale,"
                            + " both above 0, but is " + given);
        }
        boolean whole = range.get("min") instanceof Integer && range.get("max") instanceof Integer;
        return random -> {
            double share = random.nextDouble();
            if (whole) {
                double width = max + 1 - min;
                return log
                        ? (int) Math.min(max, Math.floor(min * Math.pow((max + 1) / min, share)))
                        : (int) (min + Math.floor(width * share));
            }
            double value = log ? min * Math.pow(max / min, share) : min + (max - min) * share;
            return Double.valueOf(String.format(Locale.ROOT, "%.4g", value));
        };
    }

    private static double bound(String key, Map<?, ?> range, String name) {
        try {
            return Double.parseDouble(String.valueOf(range.get(name))); // YAML 1.1 takes 1e-5 for a string
        } catch (NumberFormatException e) {
            throw new SettingsException(
                    PREFIX + "'" + key + "' must have a number as " + name + ", but has " + range.get(name));
        }
    }
}
