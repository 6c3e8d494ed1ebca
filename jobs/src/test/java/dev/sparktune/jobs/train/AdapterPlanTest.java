package dev.sparktune.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.Locations;
import dev.sparktune.jobs.settings.Settings;
import dev.sparktune.jobs.settings.SettingsException;
import dev.sparktune.model.Adapter;
import dev.sparktune.model.Decoder;
import dev.sparktune.model.hf.HfAdapter;
import dev.sparktune.model.hf.LoraConfig;
import dev.sparktune.model.hf.ModelInfo;
import dev.sparktune.model.hf.TargetModules;
import dev.sparktune.testing.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;

class AdapterPlanTest {
    private static final LoraConfig LORA = new LoraConfig(3, 6, 0.25, TargetModules.of(List.of("down_proj")), true);

    @TempDir
    Path root;

    private ModelInfo base;
    private Path adapter;

    @BeforeEach
    void anAdapterOfTheTinyBase() {
        base = ModelInfo.read(ProjectRoot.resolve("conf/tiny-base"));
        adapter = save("adapter", base);
    }

    @Test
    void whatIsTrainedFollowsFromTheSettings() throws IOException {
        assertThat(plan("train.method=full")).isNull();
        assertThat(plan("lora.r=4", "lora.alpha=8", "lora.dropout=0.1", "lora.target_modules=[q_proj, v_proj]"))
                .isEqualTo(new AdapterPlan(
                        new LoraConfig(4, 8, 0.1, TargetModules.of(List.of("q_proj", "v_proj")), false),
                        null,
                        "models/tiny"));
    }

    @Test
    void anAdapterToStartFromDecidesAboutItsOptions() throws IOException {
        assertThat(plan("lora.init=" + adapter, "lora.r=4").config()).isEqualTo(LORA);
    }

    @Test
    void theBaseIsCalledAsOnTheHubWhereThatIsCertain() throws IOException {
        Path directory = Files.createDirectory(root.resolve("named"));
        copy(base.directory(), directory);
        replace(directory.resolve("config.json"), "\"model_type\"", "\"_name_or_path\": \"org/tiny\", \"model_type\"");
        base = ModelInfo.read(directory);

        assertThat(plan().baseName()).isEqualTo("org/tiny");
        assertThat(plan("model.base=/out/tuned/model").baseName()).isEqualTo("/out/tuned/model");
        assertThat(plan("model.base=abfss://models@account.dfs.core.windows.net/tuned/")
                        .baseName())
                .isEqualTo("abfss://models@account.dfs.core.windows.net/tuned");
        String cache = "/home/me/.cache/huggingface/hub/";
        assertThat(plan("model.base=" + cache + "models--other--big-one/snapshots/0af3")
                        .baseName())
                .isEqualTo("other/big-one");
        assertThat(plan("model.base=" + cache + "models--gpt2/snapshots/0af3/").baseName())
                .isEqualTo("gpt2");
    }

    @Test
    void modulesThatTheBaseLacksAreNamedWithThoseThatItHas() {
        assertRefused(
                "lora.target_modules has 'q_prj', but " + base.directory()
                        + " has no such linear map in its blocks; it has [down_proj, gate_proj, k_proj, o_proj,"
                        + " q_proj, up_proj, v_proj]",
                "lora.target_modules=[q_proj, q_prj]");
    }

    @Test
    void anAdapterThatIsNotThereOrCutOffIsNamed() throws IOException {
        assertRefused(root + "/nowhere: no such directory", "lora.init=" + root + "/nowhere");
        Path weights = adapter.resolve("adapter_model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        Files.write(weights, Arrays.copyOf(bytes, bytes.length - 4));
        assertRefused("lora.init: the safetensors file " + weights + " places tensor", "lora.init=" + adapter);
        Path bare = save("bare", base);
        Files.delete(bare.resolve("adapter_config.json"));
        assertRefused(
                "lora.init: there is no " + bare + "/adapter_config.json: is " + bare + " an adapter's directory?",
                "lora.init=" + bare);
    }

    @Test
    void anAdapterOfAnotherBaseIsRefusedByItsFirstTensorThatDoesNotFit() throws IOException {
        Path directory = Files.createDirectory(root.resolve("wider"));
        copy(base.directory(), directory);
        replace(directory.resolve("config.json"), "\"intermediate_size\" : 256", "\"intermediate_size\" : 260");
        Path foreign = save("foreign", ModelInfo.read(directory));

        assertRefused("base_model.model.model.layers.0.mlp.down_proj.lora_A.weight", "lora.init=" + foreign);
        assertRefused("[3, 260]", "lora.init=" + foreign);
    }

    @Test
    void anAdaptersSettingsWithoutTrainingOneAreRefused() {
        assertSettingsRefused(
                "lora.r is 4, but train.method is full, which trains no adapter: set train.method to lora, or leave"
                        + " lora.r out",
                "train.method=full",
                "lora.r=4");
        assertSettingsRefused(
                "lora.init is /a, but train.method is full, which trains no adapter: set train.method to lora, or"
                        + " leave lora.init out",
                "train.method=full",
                "lora.init=/a");
        assertSettingsRefused("lora.dropout must be in [0, 1), but is 1.0", "lora.dropout=1.0");
        assertThatCode(() -> AdapterPlan.check(settings("train.method=full", "lora.r=8", "lora.dropout=0")))
                .doesNotThrowAnyException();
    }

    private AdapterPlan plan(String... sets) throws IOException {
        return AdapterPlan.of(settings(sets), base, new Locations(new Configuration()));
    }

    private static Settings settings(String... sets) {
        String yaml = "{output: /tmp/x, model: {base: models/tiny/}, train: {method: lora}}";
        return Settings.read("test.yaml", yaml, List.of(sets), Set.of("output", "model", "train", "lora"));
    }

    private void assertRefused(String part, String... sets) {
        assertThatThrownBy(() -> plan(sets)).isInstanceOf(JobFailure.class).hasMessageContaining(part);
    }

    private static void assertSettingsRefused(String message, String... sets) {
        assertThatThrownBy(() -> AdapterPlan.check(settings(sets)))
                .isInstanceOf(SettingsException.class)
                .hasMessage(message);
    }

    private Path save(String name, ModelInfo of) {
        Path directory = root.resolve(name);
        try (Decoder decoder = Decoder.create(of.decoderConfig(), DataType.FLOAT)) {
            HfAdapter.save(directory, Adapter.start(LORA.on(of), decoder, 1), LORA, of, "org/base");
        }
        return directory;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private static void replace(Path file, String what, String with) throws IOException {
        String text = Files.readString(file);
        assertThat(text).contains(what);
        Files.writeString(file, text.replace(what, with));
    }
}
