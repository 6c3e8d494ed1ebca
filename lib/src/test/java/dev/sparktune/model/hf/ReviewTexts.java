package dev.sparktune.model.hf;

import dev.sparktune.testing.Shared;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Bodies of real reviews, and a few hand-made ones with what those lack. */
final class ReviewTexts {
    private static final int BODY = 13;

    private ReviewTexts() {}

    /** All hand-made texts, then reviews: first those with more than ASCII or with markup, then any. */
    static List<String> choose(int count) throws IOException {
        List<String> texts = new ArrayList<>(List.of(
                "",
                " ",
                "  two  spaces and a tab\there",
                "Great!!! 👍🏽 5★ ❤️ 👨‍👩‍👧‍👦 🇩🇪",
                "good ||| bad ||| {{ 7*7 }} {% raw %}",
                "<b>Bold</b><br />&#34;quoted&#34; &amp; <a href='x'>y</a>",
                "很好的产品，五颗星！とても良い 아주 좋아요",
                "ممتاز جدا، أنصح به",
                "Отличный товар, рекомендую. Καλό προϊόν. उत्तम",
                "naïve café Zoë ﬁne — “quoted” … ½ ™",
                "e\u0301 combining, \u200bzero width, \u00a0no-break",
                "line\nline\r\nline\rend \0 nul",
                "1234567890 3.14159 $19.99 100% 12:30",
                "AAAAAAAAAAaaaaaaaaaa!!!!!!!!!!??????????",
                "it 's n't 'm 've re , . ! ?"));
        List<String> others = new ArrayList<>();
        for (String file : List.of("hair_dryer", "pacifier")) {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                    new GZIPInputStream(Files.newInputStream(Shared.require("data/amazon/" + file + ".tsv.gz"))),
                    StandardCharsets.UTF_8))) {
                lines.lines()
                        .skip(1)
                        .map(line -> line.split("\t"))
                        .filter(f -> f.length > BODY)
                        .forEach(fields -> {
                            String body = fields[BODY];
                            boolean odd = body.contains("&") || body.chars().anyMatch(c -> c > 127);
                            (odd ? texts : others).add(body);
                        });
            }
        }
        texts.addAll(others);
        return texts.subList(0, Math.min(count, texts.size()));
    }
}
