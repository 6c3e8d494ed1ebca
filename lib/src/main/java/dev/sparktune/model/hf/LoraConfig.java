package dev.sparktune.model.hf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sparktune.model.Lora;
import dev.sparktune.model.ParameterLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * LoRA as PEFT's {@code LoraConfig} has it.
 *
 * @param r the rank
 * @param alpha numerator of the scale: {@code alpha / r}, or {@code alpha / sqrt(r)} with rsLoRA
 * @param dropout share of its input that A does not see in training
 * @param targetModules the linear maps that it is put on
 * @param useRslora whether the scale is that of rsLoRA (Kalajdzievski 2023)
 * @param rankPattern other ranks, by the ends of modules' paths, regular expressions
 * @param alphaPattern other alphas, likewise
 */
public record LoraConfig(
        int r,
        double alpha,
        double dropout,
        TargetModules targetModules,
        boolean useRslora,
        Map<String, Integer> rankPattern,
        Map<String, Double> alphaPattern)
        implements PeftConfig {
    static final String LORA = "LORA";

    /** What a training starts from; others than these change the base's weights. */
    private static final Set<String> STARTS = Set.of("true", "false", "gaussian", "orthogonal", "eva");

    private static final String PREFIX = "base_model.model.";
    private static final String RANK_PATTERN = "rank_pattern";
    private static final String ALPHA_PATTERN = "alpha_pattern";

    /** One for each map of a very deep model. */
    private static final int MOST_PATTERNS = 5000;

    /** @throws IllegalArgumentException naming the option that is out of its bounds */
    public LoraConfig {
        check(r >= 1, "r", "at least 1", r);
        check(alpha > 0 && Double.isFinite(alpha), "alpha", "above 0", alpha);
        check(dropout >= 0 && dropout < 1, "dropout", "in [0, 1)", dropout);
        rankPattern.forEach((key, rank) -> check(rank >= 1, RANK_PATTERN + " of " + key, "at least 1", rank));
        alphaPattern.forEach((key, other) ->
                check(other > 0 && Double.isFinite(other), ALPHA_PATTERN + " of " + key, "above 0", other));
        check(rankPattern.size() <= MOST_PATTERNS, RANK_PATTERN, "at most " + MOST_PATTERNS, rankPattern.size());
        check(alphaPattern.size() <= MOST_PATTERNS, ALPHA_PATTERN, "at most " + MOST_PATTERNS, alphaPattern.size());
        rankPattern.keySet().forEach(key -> pathPattern(RANK_PATTERN, key));
        alphaPattern.keySet().forEach(key -> pathPattern(ALPHA_PATTERN, key));
        // In their order: the first that matches counts.
        rankPattern = new LinkedHashMap<>(rankPattern);
        alphaPattern = new LinkedHashMap<>(alphaPattern);
    }

    /** The same rank and alpha for every module. */
    public LoraConfig(int r, double alpha, double dropout, TargetModules targetModules, boolean useRslora) {
        this(r, alpha, dropout, targetModules, useRslora, Map.of(), Map.of());
    }

    private static void check(boolean holds, String name, String bound, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(name + " must be " + bound + ", but is " + value);
        }
    }

    /** Reads the keys of {@code adapter_config.json}; absent ones have PEFT's defaults. */
    static LoraConfig read(ConfigReader config) {
        String bias = config.text("bias", "none");
        if (!bias.equals("none")) {
            throw new ModelFormatException(config.file() + " has bias '" + bias + "'; supported is none");
        }
        JsonNode start = config.node("init_lora_weights");
        if (config.has("init_lora_weights") && !STARTS.contains(start.asText())) {
            throw new ModelFormatException(
                    config.file() + " has init_lora_weights " + start + ", which changes the base's weights;"
                            + " supported are true, false, gaussian, orthogonal and eva");
        }
        config.flag("fan_in_fan_out", false); // how the base stores its weights, which the family knows
        config.node("qalora_group_size"); // of use_qalora alone
        try {
            return new LoraConfig(
                    config.integer("r", 8),
                    config.number("lora_alpha", 8),
                    config.number("lora_dropout", 0),
                    targetModules(config),
                    config.flag("use_rslora", false),
                    pattern(config, RANK_PATTERN, LoraConfig::rank),
                    pattern(config, ALPHA_PATTERN, ConfigReader::number));
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(config.file() + ": " + e.getMessage(), e);
        }
    }

    private static TargetModules targetModules(ConfigReader config) {
        JsonNode value = config.node("target_modules");
        if (value.isTextual() && !value.textValue().equals(TargetModules.ALL_LINEAR)) {
            return new TargetModules(List.of(), value.textValue());
        }
        List<String> names = new ArrayList<>();
        (value.isTextual() ? List.of(value) : value).forEach(name -> names.add(name.asText()));
        return new TargetModules(names, null);
    }

    /** Takes the value of a key. */
    private interface Reader<T> {
        T read(ConfigReader config, String key, JsonNode value);
    }

    private static int rank(ConfigReader config, String key, JsonNode value) {
        if (!value.isInt()) {
            throw new ModelFormatException(config.file() + " needs a whole number as " + key + ", but has " + value);
        }
        return value.intValue();
    }

    private static <T> Map<String, T> pattern(ConfigReader config, String key, Reader<T> reader) {
        Map<String, T> pattern = new LinkedHashMap<>();
        config.node(key)
                .fields()
                .forEachRemaining(entry -> pattern.put(
                        entry.getKey(), reader.read(config, key + " of " + entry.getKey(), entry.getValue())));
        return pattern;
    }

    @Override
    public String peftType() {
        return LORA;
    }

    @Override
    public Lora on(ModelInfo base) {
        List<Lora.Module> modules = new ArrayList<>();
        for (HfModule module : targets(base)) {
            int rank = byPattern(RANK_PATTERN, rankPattern, module.name(), r);
            double numerator = byPattern(ALPHA_PATTERN, alphaPattern, module.name(), alpha);
            double scale = numerator / (useRslora ? Math.sqrt(rank) : rank);
            modules.add(new Lora.Module(module.name(), module.maps(), rank, scale));
        }
        return new Lora(ParameterLayout.of(base.decoderConfig()), dropout, modules);
    }

    private static <T> T byPattern(String key, Map<String, T> pattern, String path, T otherwise) {
        return pattern.entrySet().stream()
                .filter(entry -> pathPattern(key, entry.getKey()).matches(path))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(otherwise);
    }

    /** An expression for the ends of paths. */
    private static PathPattern pathPattern(String key, String expression) {
        return new PathPattern(key, "(.*\\.)?(" + expression + ")");
    }

    private List<HfModule> targets(ModelInfo base) {
        List<HfModule> modules = base.modules();
        for (String name : targetModules.names()) {
            if (modules.stream().noneMatch(module -> TargetModules.matches(name, module.name()))) {
                throw new ModelFormatException("target_modules has '" + name + "', but " + base.directory()
                        + " has no such linear map in its blocks; it has " + shortNames(modules));
            }
        }
        List<HfModule> targets = modules.stream()
                .filter(module -> targetModules.matches(module.name()))
                .toList();
        if (targets.isEmpty()) {
            throw new ModelFormatException(
                    "target_modules '" + targetModules.expression() + "' matches no linear map of " + base.directory()
                            + "; they are called like " + modules.get(0).name());
        }
        return targets;
    }

    private static List<String> shortNames(List<HfModule> modules) {
        return modules.stream().map(HfModule::shortName).distinct().sorted().toList();
    }

    @Override
    public List<HfTensor> tensors(ModelInfo base) {
        Map<String, HfModule> byName = new LinkedHashMap<>();
        base.modules().forEach(module -> byName.put(module.name(), module));
        Lora lora = on(base);
        List<HfTensor> tensors = new ArrayList<>();
        for (Lora.Module module : lora.modules()) {
            HfTensor.Order rows = byName.get(module.name()).rowOrder().apply(module.r());
            tensors.add(tensor(lora.layout().tensor(module.a()), HfTensor.Order.SAME));
            tensors.add(tensor(lora.layout().tensor(module.b()), rows));
        }
        tensors.sort(Comparator.comparing(HfTensor::name)); // as PEFT's files have them
        return tensors;
    }

    /** Some programs keep the adapter's name, {@code default}, in the tensors'. */
    private static HfTensor tensor(ParameterLayout.Tensor ours, HfTensor.Order order) {
        String name = PREFIX + ours.name();
        String named = name.replaceFirst("\\.weight$", ".default.weight");
        return new HfTensor(List.of(name, named), ours.shape(), ours.offset(), order);
    }

    @Override
    public void write(ObjectNode json, ModelInfo base) {
        List<HfModule> targets = targets(base);
        json.put("r", r)
                .put("lora_dropout", dropout)
                .put("use_rslora", useRslora)
                .put("bias", "none")
                .put("fan_in_fan_out", targets.get(0).transposed())
                .put("init_lora_weights", true);
        json.set("lora_alpha", number(alpha));
        if (targetModules.expression() != null) {
            json.put("target_modules", targetModules.expression());
        } else {
            boolean all = targetModules.names().contains(TargetModules.ALL_LINEAR);
            ArrayNode names = json.putArray("target_modules");
            (all ? shortNames(targets) : targetModules.names()).forEach(names::add);
        }
        ObjectNode ranks = json.putObject(RANK_PATTERN);
        rankPattern.forEach(ranks::put);
        ObjectNode alphas = json.putObject(ALPHA_PATTERN);
        alphaPattern.forEach((key, other) -> alphas.set(key, number(other)));
    }

    /** PEFT's alphas are whole numbers as a rule. */
    private static JsonNode number(double value) {
        return value == (int) value ? IntNode.valueOf((int) value) : DoubleNode.valueOf(value);
    }
}
