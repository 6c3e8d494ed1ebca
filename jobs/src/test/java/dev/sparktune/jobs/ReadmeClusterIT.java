package dev.sparktune.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.jobs.testing.LocalSpark;
import dev.sparktune.jobs.testing.StandaloneCluster;
import dev.sparktune.testing.ProjectRoot;
import dev.sparktune.testing.PythonEnv;
import dev.sparktune.testing.SparkHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's lines for a cluster, as they stand there, on a real one; then what they wrote is read by others. */
class ReadmeClusterIT {
    private static final int MINUTES = 15;

    @TempDir
    static Path directory;

    @BeforeAll
    static void runTheLines() throws Exception {
        PythonEnv.require();
        for (String name : List.of("scripts", "conf", "jobs")) { // as in a checkout that was built
            Files.createSymbolicLink(directory.resolve(name), ProjectRoot.resolve(name));
        }
        try (StandaloneCluster cluster = StandaloneCluster.start(2)) {
            Process lines = new ProcessBuilder("bash", "-euo", "pipefail", "-c", lines(cluster.url()))
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile())
                    .start();
            boolean ended = lines.waitFor(MINUTES, TimeUnit.MINUTES);
            lines.descendants().forEach(ProcessHandle::destroyForcibly);
            assertThat(ended && lines.exitValue() == 0)
                    .as(Files.readString(directory.resolve("log")))
                    .isTrue();
        }
    }

    /** The first block of the section, its first two lines saying where this machine's Spark and master are. */
    private static String lines(String master) throws IOException {
        String readme = Files.readString(ProjectRoot.resolve("README.md"));
        String section = readme.substring(readme.indexOf("## On a cluster"));
        int from = section.indexOf("```sh\n") + "```sh\n".length();
        String block = section.substring(from, section.indexOf("```", from));
        assertThat(block).startsWith("export SPARK_HOME=/opt/spark\nMASTER=spark://HOST:7077\n");
        return "export SPARK_LOCAL_IP=127.0.0.1\n"
                + block.replace("/opt/spark", SparkHome.require().toString()).replace("spark://HOST:7077", master);
    }

    @Test
    void theExecutorsTrainedAModelThatLearnedToRate() throws Exception {
        JsonNode finetune = metrics("model");
        assertThat(finetune.at("/metrics/workers").asInt()).isEqualTo(2);
        assertThat(finetune.at("/environment/master").asText()).startsWith("spark://");
        JsonNode deltas = metrics("evaluate/instruct").at("/metrics/delta");
        assertThat(deltas).anySatisfy(delta -> {
            assertThat(delta.get("metric").asText()).isEqualTo("accuracy");
            assertThat(delta.get("low").asDouble()).isGreaterThan(0.2);
        });
        assertThat(directory.resolve("out/quickstart/evaluate/instruct/report.html"))
                .isNotEmptyFile();
    }

    @Test
    void transformersLoadsTheModelAndRates() {
        String printed = PythonEnv.runSource("""
                import sys
                from transformers import AutoModelForCausalLM, AutoTokenizer
                tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
                model = AutoModelForCausalLM.from_pretrained(sys.argv[1])
                prompt = sys.argv[2]
                inputs = tokenizer(prompt, return_tensors="pt")
                ids = model.generate(**inputs, max_new_tokens=4, do_sample=False)[0][inputs["input_ids"].shape[1]:]
                print(tokenizer.decode(ids, skip_special_tokens=True).strip())
                """, output("model"), prompt());
        assertThat(printed.strip()).matches("[1-5]");
    }

    @Test
    void pandasDuckDbAndDatasetsReadDataAndPredictionsAsSparkDoes() throws Exception {
        long examples = LocalSpark.session()
                .read()
                .parquet(output("data/prompt_completion/test").toString())
                .count();
        long predictions = LocalSpark.session()
                .read()
                .parquet(output("evaluate/instruct/predictions").toString())
                .where("correct")
                .count();
        assertThat(predictions).isPositive();
        JsonNode read = new ObjectMapper()
                .readTree(PythonEnv.runSource(
                        """
                import json, sys
                import duckdb, pandas
                from datasets import load_dataset
                data, predictions = sys.argv[1:]
                duck = lambda directory, where: duckdb.sql(
                    f"select count(*) from '{directory}/*.parquet' where {where}").fetchall()[0][0]
                print(json.dumps({
                    "pandas": [len(pandas.read_parquet(data)), int(pandas.read_parquet(predictions).correct.sum())],
                    "duckdb": [duck(data, "true"), duck(predictions, "correct")],
                    "datasets": [
                        load_dataset("parquet", data_dir=data, split="train").num_rows,
                        sum(load_dataset("parquet", data_dir=predictions, split="train")["correct"]),
                    ],
                }))
                """, output("data/prompt_completion/test"), output("evaluate/instruct/predictions")));
        for (String reader : List.of("pandas", "duckdb", "datasets")) {
            assertThat(read.get(reader)).as(reader).hasToString("[" + examples + "," + predictions + "]");
        }
    }

    private static String prompt() {
        return LocalSpark.session()
                .read()
                .parquet(output("data/prompt_completion/test").toString())
                .where("task = 'rate'")
                .orderBy("id")
                .first()
                .getAs("prompt");
    }

    private static Path output(String name) {
        return directory.resolve("out/quickstart").resolve(name);
    }

    private static JsonNode metrics(String output) throws IOException {
        return new ObjectMapper()
                .readTree(output(output).resolve("metrics.json").toFile());
    }
}
