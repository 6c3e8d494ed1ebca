package dev.sparktune.model.hf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/** What a fine-tuned model takes over from its base, byte for byte. */
final class CopiedFiles {
    private static final List<String> LICENCES = List.of("LICENSE", "LICENSE.txt", "LICENSE.md");

    private static final List<String> OTHERS = List.of(
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "tokenizer.model",
            "vocab.json",
            "merges.txt",
            "chat_template.jinja",
            "chat_template.json",
            "generation_config.json",
            "NOTICE",
            "NOTICE.txt",
            "USE_POLICY.md");

    private CopiedFiles() {}

    static Optional<Path> licence(Path directory) {
        return LICENCES.stream()
                .map(directory::resolve)
                .filter(Files::isRegularFile)
                .findFirst();
    }

    static void copy(Path from, Path to) throws IOException {
        for (List<String> names : List.of(LICENCES, OTHERS)) {
            for (String name : names) {
                if (Files.isRegularFile(from.resolve(name))) {
                    Files.copy(from.resolve(name), to.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
