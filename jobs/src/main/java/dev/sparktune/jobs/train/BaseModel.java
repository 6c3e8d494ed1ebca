package dev.sparktune.jobs.train;

import dev.sparktune.model.hf.ModelInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the model that training starts from says of itself. */
public final class BaseModel {
    private static final Pattern LICENCE = Pattern.compile("(?m)^license:\\s*[\"']?([\\w.+-]{1,60})[\"']?\\s*$");
    private static final Pattern FRONT_MATTER = Pattern.compile("\\A---\\s*?\\n(.*?)\\n---", Pattern.DOTALL);

    private BaseModel() {}

    /** What the model's README.md calls its licence; {@code other} where only a LICENSE file tells, else {@code unknown}. */
    public static String licence(ModelInfo model) throws IOException {
        Path card = model.directory().resolve("README.md");
        if (Files.isRegularFile(card)) {
            Matcher frontMatter = FRONT_MATTER.matcher(Files.readString(card, StandardCharsets.UTF_8));
            if (frontMatter.find()) {
                Matcher licence = LICENCE.matcher(frontMatter.group(1));
                if (licence.find()) {
                    return licence.group(1);
                }
            }
        }
        return model.licence().isPresent() ? "other" : "unknown";
    }
}
