package dev.sparktune.synthetic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sparktune.synthetic.Story.Entity;
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
    void noPairOfTheEvaluationOccurs() {
        String held = Story.NAMES.stream()
                .flatMap(name -> Story.KINDS.stream().map(kind -> new Entity(name, kind)))
                .filter(Story::isHeldOut)
                .map(entity -> entity.kind() + "\\? " + entity.name() + "|" + entity.name() + " the " + entity.kind()
                        + "|" + entity.kind() + " (named |called )?" + entity.name())
                .collect(Collectors.joining("|", "\\b(", ")\\b"));
        Pattern pair = Pattern.compile(held);

        assertThat(DOCUMENTS.subList(0, 3_000))
                .noneMatch(document -> pair.matcher(document.text()).find());
        assertThat(new SyntheticEntities(42).rows(0, 2_000))
                .allMatch(row -> Story.isHeldOut(new Entity(row.name(), row.kind())));
        assertThat(Story.isHeldOut(new Entity("Charlie", "cat"))).isTrue();
    }

    @Test
    void aStoryEndsWithTheAnswerToItsQuestion() {
        assertThat(DOCUMENTS)
                .filteredOn(document -> document.kind().equals("story"))
                .extracting(Document::text)
                .allMatch(text -> text.matches("(?s).+\\.\n(.*\n)?What is the name of the [a-z]+\\? [A-Z][a-z]*"));
    }

    @Test
    void anEvaluationSentenceHoldsKindAndNameOnce() {
        List<NamedEntity> entities = new SyntheticEntities(42).rows(0, 2_000).toList();

        assertThat(entities).allMatch(entity -> entity.sentence().split("\\b" + entity.kind() + "\\b", -1).length == 2);
        assertThat(entities).allMatch(entity -> entity.sentence().split("\\b" + entity.name() + "\\b", -1).length == 2);
        assertThat(entities.stream().map(NamedEntity::name).distinct()).hasSameElementsAs(Story.NAMES);
    }
}
