package dev.sparktune.synthetic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sparktune.synthetic.SyntheticEntities.NamedEntity;
import dev.sparktune.synthetic.SyntheticText.Document;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SyntheticTextTest {
    private static final List<Document> DOCUMENTS =
            new SyntheticText(42).rows(0, 20_000).toList();

    @Test
    void aDocumentDependsOnSeedAndIndexAlone() {
        assertThat(new SyntheticText(42).rows(100, 110)).isEqualTo(DOCUMENTS.subList(100, 110));
        assertThat(new SyntheticText(43).row(100)).isNotEqualTo(DOCUMENTS.get(100));
    }

    @Test
    void everyKindOccursAndNoTextIsBlank() {
        assertThat(DOCUMENTS.stream().map(Document::kind).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder("review", "product", "story");
        assertThat(DOCUMENTS).noneMatch(document -> document.text().isBlank());
    }

    @Test
    void noReviewTellsItsStars() {
        List<String> texts = DOCUMENTS.stream()
                .filter(document -> !document.kind().equals("story"))
                .map(Document::text)
                .toList();

        assertThat(texts).noneMatch(text -> text.matches("(?is).*\\b(stars?|rating|rated?|out of)\\b.*"));
        assertThat(DOCUMENTS)
                .filteredOn(document -> document.kind().equals("review"))
                .noneMatch(document -> document.text().matches("(?s).*\\d.*"));
    }

    @Test
    void fewSentencesOfTheEvaluationOccurWordForWord() {
        String text = DOCUMENTS.stream()
                .filter(document -> document.kind().equals("story"))
                .map(Document::text)
                .collect(Collectors.joining("\n"));

        assertThat(new SyntheticEntities(42).rows(0, 1_000).filter(row -> text.contains(row.sentence())))
                .hasSizeLessThan(50);
    }

    @Test
    void aStoryEndsWithWhoIsWho() {
        String answer = "What is the name of the [a-z]+\\? [A-Z][a-z]*";
        String retold = "In short, the [a-z]+ is [A-Z][a-z]*\\.";
        Pattern story = Pattern.compile("(?s).+\\.\n(" + answer + "|" + retold + ")");

        assertThat(DOCUMENTS)
                .filteredOn(document -> document.kind().equals("story"))
                .allMatch(document -> story.matcher(document.text()).matches());
    }

    @Test
    void anEvaluationSentenceHoldsKindAndNameOnce() {
        List<NamedEntity> entities = new SyntheticEntities(42).rows(0, 2_000).toList();

        assertThat(entities).allMatch(entity -> entity.sentence().split("\\b" + entity.kind() + "\\b", -1).length == 2);
        assertThat(entities).allMatch(entity -> entity.sentence().split("\\b" + entity.name() + "\\b", -1).length == 2);
        assertThat(entities.stream().map(NamedEntity::name).distinct()).hasSameElementsAs(Story.NAMES);
    }
}
