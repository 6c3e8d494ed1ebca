package dev.sparktune.jobs.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.example.Example;
import dev.sparktune.jobs.testing.LocalSpark;
import dev.sparktune.testing.ProjectRoot;
import dev.sparktune.testing.PythonEnv;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real readers, each with every byte. */
class PreparedDataReadersIT {
    @TempDir
    Path directory;

    @Test
    void pandasDuckDbDatasetsAndParquetAvroReadTheSame() throws Exception {
        PythonEnv.require();
        List<Row> rows = Reviews.good(500);
        rows.add(Reviews.review(
                "DIRT1", "C1", 5, "|||", "Great 😀👩‍👩‍👧 <b>hair</b>&nbsp;dryer ||| {{ 7*7 }} {% raw %}"));
        rows.add(Reviews.review(
                "DIRT2", "C2", 1, "\"q\", 'q'", "Zeile\r\n\t\u0001 \\ \u2028 \ufeff é e\u0301 \u202etxet"));
        rows.add(Reviews.review("DIRT3", "C3", 3, null, "no headline"));
        rows.add(Reviews.review("EMPTY", "C4", 3, "empty", " "));
        PreparedData data = PreparedData.prepare(directory.resolve("out/data"), """
                input: {path: %s, source: "tests: \\"quoted\\" | <b>"}
                clean: {required: [review_body]}
                templates: {library: %s, dataset: reviews}
                split: {stratify: [star_rating], group: customer_id}
                """.formatted(
                Reviews.write(directory.resolve("in"), rows, 2, 1), Reviews.templates(directory.resolve("library"))));

        JsonNode read = new ObjectMapper()
                .readTree(PythonEnv.run(ProjectRoot.resolve("jobs/src/test/python/read_prepared.py"), data.root()));

        for (String split : List.of("train", "validation", "test")) {
            List<Example> ours = data.examples(split);
            String sha256 = sha256(ours);
            for (String reader : List.of("by_pandas", "by_duckdb", "datasets_by_card", "datasets_by_directories")) {
                JsonNode theirs = read.at("/" + reader + "/" + split);
                assertThat(theirs.path("rows").asInt()).as(reader + " " + split).isEqualTo(ours.size());
                assertThat(theirs.path("sha256").asText())
                        .as(reader + " " + split)
                        .isEqualTo(sha256);
            }
        }
        assertThat(read.at("/features/prompt").asText()).isEqualTo("Value('string')");
        assertThat(read.at("/features/answer_choices").asText()).isEqualTo("List(Value('string'))");
        assertThat(read.get("quarantine")).hasToString("[[\"review_body is empty\",1]]");
    }

    @Test
    void trlCountsTheLossOnTheAnswersAloneInEveryForm() throws Exception {
        PythonEnv.require();
        PreparedData data = PreparedData.prepare(directory.resolve("out/data"), """
                input: {path: %s}
                templates: {library: %s, dataset: reviews, names: [rate]}
                examples: {also: [chat, messages]}
                """.formatted(
                        Reviews.write(directory.resolve("in"), Reviews.good(40), 2, 1),
                        Reviews.templates(directory.resolve("library"))));

        JsonNode trained = new ObjectMapper()
                .readTree(PythonEnv.run(
                        ProjectRoot.resolve("jobs/src/test/python/train_prepared.py"),
                        data.root(),
                        ProjectRoot.resolve("conf/tiny-base")));

        List<Example> ours = data.examples("train");
        for (int i = 0; i < 4; i++) {
            String prompt = ours.get(i).prompt();
            String label = ours.get(i).targetLabel();
            JsonNode plain = trained.at("/prompt_completion/rows/" + i);
            assertThat(plain.get("masked").asText()).isEqualTo(prompt);
            assertThat(plain.get("trained").asText()).isEqualTo(" " + label + "<|endoftext|>");
            for (String form : List.of("chat", "messages")) {
                JsonNode turns = trained.at("/" + form + "/rows/" + i);
                assertThat(turns.get("masked").asText()).isEqualTo("user:" + prompt + "\nassistant:");
                assertThat(turns.get("trained").asText()).isEqualTo(label + "<|endoftext|>");
            }
        }
        for (String form : List.of("prompt_completion", "chat", "messages")) {
            assertThat(trained.at("/" + form + "/loss").asDouble()).as(form).isBetween(0.1, 20.0);
        }
        Row first = LocalSpark.session()
                .read()
                .parquet(data.root().resolve("messages/train").toString())
                .selectExpr("messages[0].role", "messages[1].role", "messages[1].content", "size(messages)")
                .first();
        assertThat(first.mkString(" "))
                .isEqualTo("user assistant " + ours.get(0).targetLabel() + " 2");
    }

    private static String sha256(List<Example> examples) throws Exception {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        for (Example e : examples) {
            String line = Stream.of(
                            e.id(),
                            e.stratum(),
                            e.source(),
                            e.task(),
                            e.templateId(),
                            e.templateHash(),
                            e.prompt(),
                            e.completion(),
                            e.targetLabel(),
                            e.answerChoices() == null ? null : String.join("\u001e", e.answerChoices()))
                    .map(value -> value == null ? "\0" : value)
                    .collect(Collectors.joining("\u001f"));
            sha.update((line + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(sha.digest());
    }
}
